import type { DayPiece } from '../../contributions/calendar.ts'

const dayOf = ({ start, firstDay, isOneDay }: DayPiece): string => {
  const first = BigInt(firstDay)
  return isOneDay ? `${first}` : `${first} + (occurred_at - ${BigInt(start)}) / 86400000`
}

/** SQL for the local day number of `occurred_at`, which must lie within the pieces. NULL if there are none. */
export const localDaySql = (pieces: readonly DayPiece[]): string => {
  const cases = pieces
    .toReversed()
    .map((piece) => `WHEN occurred_at >= ${BigInt(piece.start)} THEN ${dayOf(piece)}`)
  return cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`
}
