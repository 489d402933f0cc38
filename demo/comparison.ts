import { nameOf } from '../src/cards/nameOf.ts'
import type { Profile } from '../src/contributions/user.ts'
import { table } from '../src/cli/console/table.ts'
import type { Measured } from './numbers.ts'

/** A number in two readings; 0 in one that does not have it. */
export interface Compared {
  what: string
  user: Profile | undefined
  rank: number | undefined
  before: number
  after: number
}

/** Every number of either reading. */
export const compare = (before: readonly Measured[], after: readonly Measured[]): Compared[] => {
  const rows = new Map<string, Compared>()
  for (const { key, value, ...measured } of before) rows.set(key, { ...measured, before: value, after: 0 })
  for (const { key, value, ...measured } of after) {
    rows.set(key, { ...(rows.get(key) ?? { ...measured, before: 0 }), after: value })
  }
  return [...rows.values()]
}

export const isEqual = ({ before, after }: Compared): boolean => before === after

/** How many of the top of a board are worth a line; everybody below them is compared all the same. */
const shownRanks = 3

/** What stands for the rest in a table: the top of the boards of all time, metrics and lifetime totals. */
export const isTelling = ({ what, rank }: Compared): boolean =>
  rank === undefined || (rank <= shownRanks && what.endsWith('all time')) || rank === 1

const number = new Intl.NumberFormat('en-US')

const verdictOf = ({ before, after }: Compared): string => {
  if (before === after) return 'equal'
  return `${after > before ? '+' : '−'}${number.format(Math.abs(after - before))}`
}

/** Names stand last, so that scripts of any width and direction leave the columns alone. */
export const describeCompared = (rows: readonly Compared[]): string =>
  table(
    [
      ['number', 'before', 'after', '', 'user'],
      ...rows.map((row) => [
        row.what,
        number.format(row.before),
        number.format(row.after),
        verdictOf(row),
        row.user ? `${row.rank === undefined ? '' : `${row.rank}. `}${nameOf(row.user)}` : '',
      ]),
    ],
    ['left', 'right', 'right', 'left', 'left'],
  )
