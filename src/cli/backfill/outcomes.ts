import { contributionTypes } from '../../definitions/definitions.ts'
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

  add({ type, occurredAt }: Pick<Contribution, 'type' | 'occurredAt'>, outcome: Outcome, count = 1): void {
    const year = new Date(occurredAt).getUTCFullYear()
    const key = `${contributionTypes.indexOf(type)} ${year}`
    const counts = this.#counts.get(key) ?? none()
    counts[outcome] += count
    this.#counts.set(key, counts)
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

/** Names a contribution in the log. */
export const atPosition = (position: number): string => `the contribution at log position ${position}`

/**
 * Contributions whose facts differ from the first one with the same identity. Counts all of them, and describes the
 * first 20.
 */
export class Conflicts {
  count = 0
  #shown: string[] = []

  /** Adds a contribution. `first` says where the first one is: a line, or a position in the log. */
  add(line: number, { type, content }: Pick<Contribution, 'type' | 'content'>, first: string): void {
    this.count += 1
    if (this.#shown.length < shownConflicts)
      this.#shown.push(`line ${line}: ${type} ${content.type} ${content.id}: differs from ${first}`)
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
