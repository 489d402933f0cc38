import type { Selection } from '../contributions/selection.ts'
import { rowsOf, type Step } from './database.ts'
import { whereSelected } from './selection.ts'

/**
 * The number of users with at least `min` of the selected contributions. System accounts never count; inactive,
 * hidden and erased users do. One scan of the window.
 */
export const readMetric = (db: D1Database, selection: Selection, min: number): Step<number> => {
  const where = whereSelected(selection)
  const sql = `SELECT count(*) AS value FROM (
      SELECT user_id FROM events INDEXED BY events_by_window WHERE ${where.sql}
      GROUP BY user_id HAVING sum(delta) >= ?
    ) AS contributors CROSS JOIN users ON users.id = contributors.user_id WHERE is_system = 0`
  return {
    statements: [db.prepare(sql).bind(...where.parameters, min)],
    read: ([result]) => rowsOf<{ value: number }>(result)[0]?.value ?? 0,
  }
}
