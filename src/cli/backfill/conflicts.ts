import type { Contribution, ContributionType } from '../../contributions/contribution.ts'

const shownMax = 20

/** Contributions that say otherwise than the one that stands: all counted, the first ones described. */
export class Conflicts {
  count = 0
  #shown: string[] = []

  /** One that the log has otherwise, at `position`. */
  add(line: number, { type, content }: Contribution, position: number): void {
    this.#add(
      `line ${line}: ${type} ${content.type} ${content.id}: the log says otherwise at position ${position}`,
    )
  }

  /** One that an earlier line of the file has otherwise. */
  addRepeat(line: number, type: ContributionType): void {
    this.#add(`line ${line}: ${type}: an earlier line says otherwise of the same content`)
  }

  #add(description: string): void {
    this.count += 1
    if (this.#shown.length < shownMax) this.#shown.push(description)
  }

  /** Lines to read; none without conflicts. */
  describe(): string[] {
    if (this.count === 0) return []
    const more = this.count - this.#shown.length
    return [
      `${this.count} in conflict, not recorded: the first recorded stands`,
      ...this.#shown.map((each) => `  ${each}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ]
  }
}
