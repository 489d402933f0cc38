import type { DayNumber } from '../../contributions/calendar.ts'
import type { Instant } from '../../contributions/instant.ts'

/** A run of calendar days of 24 hours each, or one day of any length. */
export interface DayPiece {
  start: Instant
  firstDay: DayNumber
  isOneDay: boolean
}

/** SQL for the day number of `occurred_at`, which must lie in the pieces; NULL without pieces. */
export const localDaySql = (pieces: readonly DayPiece[]): string => {
  const dayOf = ({ start, firstDay, isOneDay }: DayPiece): string => {
    const first = BigInt(firstDay)
    return isOneDay ? `${first}` : `${first} + (occurred_at - ${BigInt(start)}) / 86400000`
  }
  const cases = pieces
    .toReversed()
    .map((piece) => `WHEN occurred_at >= ${BigInt(piece.start)} THEN ${dayOf(piece)}`)
  return cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`
}
