import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { Contribution } from '../../contributions/contribution.ts'
import { counted, formatNumber, table } from '../console/format.ts'

/** The possible outcomes of a contribution: the columns of a plan. */
const outcomes = ['new', 'duplicate', 'conflict', 'ignored'] as const
export type Outcome = (typeof outcomes)[number]

type Counts = Record<Outcome, number>

const none = (): Counts => ({ new: 0, duplicate: 0, conflict: 0, ignored: 0 })

/** Counts contributions by type, year and outcome. Memory does not grow with their number. */
export class Tally {
  #counts = new Map<string, Counts>()

  /** `year` is in UTC. */
  add(type: ContributionType, year: number, outcome: Outcome, count = 1): void {
    const key = `${contributionTypes.indexOf(type)} ${year}`
    const counts = this.#counts.get(key) ?? none()
    counts[outcome] += count
    this.#counts.set(key, counts)
  }

  addContribution({ type, occurredAt }: Contribution, outcome: Outcome): void {
    this.add(type, new Date(occurredAt).getUTCFullYear(), outcome)
  }

  sum(outcome: Outcome): number {
    return this.#counts.values().reduce((total, counts) => total + counts[outcome], 0)
  }

  get total(): number {
    return outcomes.reduce((total, outcome) => total + this.sum(outcome), 0)
  }

  /** One row per type and year, and one with the totals. */
  table(): string {
    const rows = [...this.#counts]
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([key, counts]) => {
        const [type, year = ''] = key.split(' ')
        return rowOf(contributionTypes[Number(type)] ?? '', year, (outcome) => counts[outcome])
      })
    return table(
      [['type', 'year', ...outcomes], ...rows, rowOf('all', '', (outcome) => this.sum(outcome))],
      ['left', 'left', ...outcomes.map(() => 'right' as const)],
    )
  }
}

const rowOf = (type: string, year: string, countOf: (outcome: Outcome) => number): string[] => [
  type,
  year,
  ...outcomes.map((outcome) => formatNumber(countOf(outcome))),
]

const shownConflicts = 20

/**
 * Contributions whose facts differ from the first one with the same identity. Counts all of them, and describes the
 * first 20.
 */
export class Conflicts {
  count = 0
  #shown: string[] = []

  /** Adds a contribution that differs from the one in the log at `position`. */
  add(line: number, { type, content }: Contribution, position: number): void {
    this.#add(
      `line ${line}: ${type} ${content.type} ${content.id}: differs from the contribution at log position ${position}`,
    )
  }

  /** Adds a contribution that differs from one on an earlier line. */
  addRepeat(line: number, type: ContributionType): void {
    this.#add(`line ${line}: ${type}: differs from an earlier line about the same content`)
  }

  #add(description: string): void {
    this.count += 1
    if (this.#shown.length < shownConflicts) this.#shown.push(description)
  }

  /** Lines of text; empty if there are no conflicts. */
  describe(): string[] {
    if (this.count === 0) return []
    const more = this.count - this.#shown.length
    return [
      `${counted(this.count, 'conflict')}, not recorded: the contribution that was recorded first stands`,
      ...this.#shown.map((each) => `  ${each}`),
      ...(more > 0 ? [`  … and ${formatNumber(more)} more`] : []),
    ]
  }
}
