import type { Slice } from './slices.ts'

/** A piece of SQL with `?` for each of its parameters, in order. */
export interface Fragment {
  sql: string
  parameters: (string | number)[]
}

/**
 * The WHERE of a selection, or a slice of one. It reads events_by_window alone, between both bounds of `occurred_at`: without both,
 * SQLite's planner may scan every event. (position is that table's rowid, so it stands in every index.)
 */
export const whereSelected = (selection: Slice): Fragment => {
  const { rule, window, users, locale, product, position } = selection
  const conditions: [string, ...(string | number)[]][] = [
    [`events.type IN (${rule.types.map(() => '?').join(', ')})`, ...rule.types],
  ]
  if (users) {
    // All users of a slice stand at its first instant: said so, the index finds them without reading the others.
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
  if (position !== undefined) conditions.push(['events.position <= ?', position])
  return {
    sql: conditions.map(([condition]) => condition).join(' AND '),
    parameters: conditions.flatMap(([, ...parameters]) => parameters),
  }
}
