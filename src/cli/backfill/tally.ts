import {
  contributionTypes,
  type Contribution,
  type ContributionType,
} from '../../contributions/contribution.ts'
import { table } from '../console/table.ts'

/** What becomes of contributions: the columns of a plan. */
export const outcomes = ['new', 'duplicate', 'conflict', 'ignored'] as const
export type Outcome = (typeof outcomes)[number]

type Counts = Record<Outcome, number>

const none = (): Counts => ({ new: 0, duplicate: 0, conflict: 0, ignored: 0 })

const number = new Intl.NumberFormat('en-US')

/** Contributions counted by type, year and outcome: as large as that, however many they are. */
export class Tally {
  #counts = new Map<string, Counts>()

  /** `of` is a type and a year, UTC. */
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

  /** The number of contributions counted. */
  get total(): number {
    return outcomes.reduce((total, outcome) => total + this.sum(outcome), 0)
  }

  /** A table to read: a line a type and year, and the sums. */
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
  ...outcomes.map((outcome) => number.format(countOf(outcome))),
]
