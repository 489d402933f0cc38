import type { DayNumber, DayPiece } from '../../contributions/calendar.ts'
import type { UserDay } from '../../contributions/history.ts'
import type { Selection } from '../../contributions/selection.ts'
import { rowsOf, type Query } from '../database.ts'
import { whereSelected, localDaySql } from './selection.ts'
import { tallyUsers } from './tally.ts'

/** What volume can be grouped by. */
export const volumeGroups = ['type', 'locale', 'product'] as const
export type VolumeGroup = (typeof volumeGroups)[number]

/** The volume of an interval, without system accounts. */
export interface VolumeCell {
  /** The interval's first day. */
  day: DayNumber
  /** null if volume is not grouped, and for the names that share one cell. */
  name: string | null
  contributions: number
  contributors: number
}

/** How cells are grouped and named. */
interface Naming {
  groupBy: VolumeGroup | undefined
  /** The names that get their own cell; undefined for all. */
  names: readonly string[] | undefined
}

const nameOf = ({ groupBy, names }: Naming): { sql: string; parameters: string[] } => {
  if (groupBy === undefined) return { sql: 'NULL', parameters: [] }
  const column = `events.${groupBy}`
  return names === undefined
    ? { sql: column, parameters: [] }
    : {
        sql: `CASE WHEN ${column} IN (SELECT value FROM json_each(?)) THEN ${column} END`,
        parameters: [JSON.stringify(names)],
      }
}

/** Volume of a selection by name and interval, without system accounts. */
export const readVolume = (
  db: D1Database,
  selection: Selection,
  pieces: readonly DayPiece[],
  naming: Naming,
): Query<VolumeCell[]> => {
  const where = whereSelected(selection)
  const name = nameOf(naming)
  const sql = `SELECT day, name, sum(count) AS contributions, count(*) AS contributors FROM (
      SELECT user_id, ${localDaySql(pieces)} AS day, ${name.sql} AS name, sum(delta) AS count
      FROM events INDEXED BY events_by_window WHERE ${where.sql} GROUP BY day, name, user_id HAVING count <> 0
    ) AS cells CROSS JOIN users ON users.id = cells.user_id WHERE is_system = 0 GROUP BY day, name`
  return {
    statements: [db.prepare(sql).bind(...name.parameters, ...where.parameters)],
    read: ([result]) => rowsOf<VolumeCell>(result),
  }
}

/** The number of contributions per name, without system accounts. */
export const readVolumeByName = (
  db: D1Database,
  selection: Selection,
  groupBy: VolumeGroup,
): Query<{ name: string; contributions: number }[]> => {
  const where = whereSelected(selection)
  const sql = `SELECT name, sum(count) AS contributions FROM (
      SELECT user_id, events.${groupBy} AS name, sum(delta) AS count
      FROM events INDEXED BY events_by_window WHERE ${where.sql} GROUP BY name, user_id HAVING count <> 0
    ) AS names CROSS JOIN users ON users.id = names.user_id WHERE is_system = 0 GROUP BY name`
  return {
    statements: [db.prepare(sql).bind(...where.parameters)],
    read: ([result]) => rowsOf<{ name: string; contributions: number }>(result),
  }
}

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
        row_number() OVER () / ${tallyUsers} AS part
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
