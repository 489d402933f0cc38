import { wordsOf } from '../src/cards/wordsOf.ts'
import { formatNumber, table } from '../src/cli/console/format.ts'
import type { Profile } from '../src/contributions/user.ts'
import type { Measured } from './numbers.ts'

/** A number before and after a change; 0 if a reading lacks it. */
export interface Change {
  what: string
  user: Profile | undefined
  rank: number | undefined
  before: number
  after: number
}

/** Matches the numbers of two readings. */
export const compare = (before: readonly Measured[], after: readonly Measured[]): Change[] => {
  const rows = new Map<string, Change>()
  for (const { key, value, ...measured } of before) rows.set(key, { ...measured, before: value, after: 0 })
  for (const { key, value, ...measured } of after) {
    rows.set(key, { ...(rows.get(key) ?? { ...measured, before: 0 }), after: value })
  }
  return [...rows.values()]
}

export const isEqual = ({ before, after }: Change): boolean => before === after

const shownRanks = 3

/** Whether a number is worth showing: the top 3 of all time, the leaders of other windows, metrics and lifetime totals. */
export const isNotable = ({ what, rank }: Change): boolean =>
  rank === undefined || (rank <= shownRanks && what.endsWith('all time')) || rank === 1

const describeDifference = ({ before, after }: Change): string => {
  if (before === after) return 'equal'
  return `${after > before ? '+' : '−'}${formatNumber(Math.abs(after - before))}`
}

/** Formats changes as a table. Names come last, so that wide or right-to-left scripts do not misalign the columns. */
export const describeChanges = (changes: readonly Change[]): string =>
  table(
    [
      ['number', 'before', 'after', '', 'user'],
      ...changes.map((change) => [
        change.what,
        formatNumber(change.before),
        formatNumber(change.after),
        describeDifference(change),
        change.user
          ? `${change.rank === undefined ? '' : `${change.rank}. `}${wordsOf('en').nameOf(change.user)}`
          : '',
      ]),
    ],
    ['left', 'right', 'right', 'left', 'left'],
  )
