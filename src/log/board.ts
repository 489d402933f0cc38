import type { Instant } from '../contributions/instant.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { rowsOf, type Step } from './database.ts'
import { whereSelected, type Fragment } from './selection.ts'
import { profileOf } from './users.ts'

export interface BoardEntry {
  rank: number
  user: Profile
  count: number
  /** The last contribution that the entry counts. */
  lastContributionAt: Instant
}

export interface BoardPage {
  /** How many users are ranked, on all pages. */
  total: number
  entries: BoardEntry[]
  /** Whether entries follow. */
  more: boolean
}

/** Which entries: the first, those after a place (its count and its user), or those around a user. */
export interface BoardPart {
  limit: number
  after?: { count: number; userId: number } | undefined
  around?: number | undefined
}

type Row = Profile & { total: number; rank: number | null; count: number; last_contribution_at: Instant }

/** The condition on `ranked` for a part, with the parameters of its `?`. */
const within = ({ limit, after, around }: BoardPart): Fragment => {
  if (after)
    return {
      sql: 'count < ? OR (count = ? AND id > ?)',
      parameters: [after.count, after.count, after.userId],
    }
  if (around === undefined) return { sql: 'true', parameters: [] }
  // At either end the slice is shifted to keep its size; for a user who is not ranked nothing is there.
  const start = `(SELECT max(1, min(place - ?, (SELECT count(*) FROM ranked) - ? + 1)) FROM ranked WHERE id = ?)`
  const parameters = [(limit - 1) / 2, limit, around]
  return {
    sql: `place >= ${start} AND place < ${start} + ?`,
    parameters: [...parameters, ...parameters, limit],
  }
}

/**
 * A page of a ranking: by count descending, then user id; equal counts share a rank and the next is skipped.
 * System, inactive, hidden and erased users are skipped before ranking. One scan of the window.
 */
export const readBoard = (db: D1Database, selection: Selection, part: BoardPart): Step<BoardPage> => {
  const { limit } = part
  const where = whereSelected(selection)
  const wanted = within(part)
  // Entries that reversed something need a second look at their user's events: the newest may be reversed itself.
  const sql = `WITH tally AS (
      SELECT user_id, sum(delta) AS count, max(occurred_at) AS newest, min(delta) AS lowest
      FROM events INDEXED BY events_by_window WHERE ${where.sql}
      GROUP BY user_id HAVING sum(delta) > 0
    ), ranked AS MATERIALIZED (
      SELECT users.id, username, display_name, avatar_url, count, newest, lowest, rank() OVER (ORDER BY count DESC) AS rank,
        row_number() OVER (ORDER BY count DESC, users.id) AS place
      FROM tally CROSS JOIN users ON users.id = tally.user_id
      WHERE is_system = 0 AND is_active = 1 AND is_hidden = 0 AND is_erased = 0
    ), page AS MATERIALIZED (
      SELECT * FROM ranked WHERE ${wanted.sql}
      ORDER BY count DESC, id LIMIT ?
    )
    SELECT total, page.*, CASE lowest WHEN 1 THEN newest ELSE (
      SELECT max(occurred_at) FROM (
        SELECT occurred_at FROM events INDEXED BY events_by_user WHERE events.user_id = page.id AND ${where.sql}
        GROUP BY occurred_at HAVING sum(delta) > 0)) END AS last_contribution_at
    FROM (SELECT count(*) AS total FROM ranked) LEFT JOIN page ON true ORDER BY count DESC, id`
  const parameters = [...where.parameters, ...wanted.parameters, limit + 1, ...where.parameters]
  return {
    statements: [db.prepare(sql).bind(...parameters)],
    read: ([result]) => {
      const rows = rowsOf<Row>(result)
      const entries = rows.flatMap((row) =>
        row.rank === null
          ? []
          : [
              {
                rank: row.rank,
                user: profileOf(row),
                count: row.count,
                lastContributionAt: row.last_contribution_at,
              },
            ],
      )
      return {
        total: rows[0]?.total ?? 0,
        entries: entries.slice(0, limit),
        more: entries.length > limit,
      }
    },
  }
}
