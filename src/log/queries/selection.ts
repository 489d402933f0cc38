import type { DayPiece } from '../../contributions/calendar.ts'
import type { Filter } from '../../contributions/selection.ts'
import { rowsOf, type Query } from '../database.ts'
import type { Slice } from './slices.ts'

/** A piece of SQL, and the values of its `?` parameters in order. */
export interface Fragment {
  sql: string
  parameters: (string | number)[]
}

/**
 * The WHERE clause of a selection or a slice. The index events_by_window covers all of it (`position` is the rowid, so it
 * is in the index too) but two conditions: counting parents reads the rows themselves, and a group its members. Without
 * both bounds on `occurred_at`, SQLite's planner might scan every event.
 */
export const whereSelected = (selection: Slice): Fragment => {
  const { rule, window, users, locale, product, group, position } = selection
  const conditions: [string, ...(string | number)[]][] = [
    [`events.type IN (${rule.types.map(() => '?').join(', ')})`, ...rule.types],
  ]
  if (users) {
    // A slice by users spans a single instant, so equality lets the index find them directly.
    conditions.push(['events.occurred_at = ?', window.from])
    conditions.push(['events.user_id BETWEEN ? AND ?', users.from, users.to])
  } else {
    conditions.push(['events.occurred_at >= ?', window.from], ['events.occurred_at < ?', window.to])
  }
  if (!rule.countsSelf) conditions.push(['events.self = 0'])
  if (rule.locale === 'default') conditions.push(['events.locale = ?', selection.defaultLocale])
  if (rule.locale === 'other') conditions.push([`events.locale NOT IN ('', ?)`, selection.defaultLocale])
  if (locale !== undefined) conditions.push(['events.locale = ?', locale])
  if (product !== undefined) conditions.push(['events.product = ?', product])
  if (selection.measure.of === 'parents') conditions.push(['events.parent_id IS NOT NULL'])
  if (group !== undefined) {
    const members = 'SELECT 1 FROM group_members WHERE name = ? AND group_members.user_id = events.user_id'
    conditions.push([`EXISTS (${members})`, group])
  }
  if (position !== undefined) conditions.push(['events.position <= ?', position])
  return {
    sql: conditions.map(([condition]) => condition).join(' AND '),
    parameters: conditions.flatMap(([, ...parameters]) => parameters),
  }
}

/** Whether any event has this locale, and any event this product. Reads one row for each. */
export const readFilterKnown = (db: D1Database, { locale, product }: Filter): Query<boolean> => ({
  statements: [
    db
      .prepare(
        `SELECT EXISTS (SELECT 1 FROM filter_values WHERE field = 'locale' AND value = ?1) AS locale,
           EXISTS (SELECT 1 FROM filter_values WHERE field = 'product' AND value = ?2) AS product`,
      )
      .bind(locale ?? '', product ?? ''),
  ],
  read: ([result]) => {
    const [row] = rowsOf<{ locale: number; product: number }>(result)
    return (locale === undefined || row?.locale === 1) && (product === undefined || row?.product === 1)
  },
})

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
