import type { DayPiece } from '../../contributions/calendar.ts'
import type { UserDay } from '../../contributions/history.ts'
import type { Selection } from '../../contributions/selection.ts'
import { rowsOf, type Query } from '../database.ts'
import { localDaySql } from './localDay.ts'
import { whereSelected } from './selection.ts'

/** The maximum number of users in one row: at 17 bytes each, far below D1's limit of 2 MB for a value. */
const rowUsers = 50_000

/**
 * Counts a selection by day and user, without system accounts, in one scan, in day order. A day with more than 50,000
 * users comes as several rows.
 */
export const readUserDays = (
  db: D1Database,
  selection: Selection,
  pieces: readonly DayPiece[],
): Query<UserDay[]> => {
  const where = whereSelected(selection)
  const sql = `SELECT day, json_group_array(user_id) AS user_ids, json_group_array(count) AS counts FROM (
      SELECT user_id, ${localDaySql(pieces)} AS day, sum(delta) AS count,
        row_number() OVER () / ${rowUsers} AS part
      FROM events INDEXED BY events_by_window WHERE ${where.sql} GROUP BY day, user_id HAVING count <> 0
    ) AS user_days CROSS JOIN users ON users.id = user_days.user_id WHERE is_system = 0 GROUP BY day, part ORDER BY day`
  return {
    statements: [db.prepare(sql).bind(...where.parameters)],
    read: ([result]) =>
      rowsOf<{ day: number; user_ids: string; counts: string }>(result).map(({ day, user_ids, counts }) => ({
        day,
        userIds: JSON.parse(user_ids) as number[],
        counts: JSON.parse(counts) as number[],
      })),
  }
}
