import type { Instant } from '../contributions/instant.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { rowsOf, type Step } from './database.ts'
import { whereSelected } from './selection.ts'
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

/** The entry that a page begins after: its count and its user. */
export interface BoardPlace {
  count: number
  userId: number
}

type Row = Profile & { total: number; rank: number | null; count: number; last_contribution_at: Instant }

/**
 * A page of a ranking: by count descending, then user id; equal counts share a rank and the next is skipped.
 * System, inactive, hidden and erased users are skipped before ranking. One scan of the window.
 */
export const readBoard = (
  db: D1Database,
  selection: Selection,
  limit: number,
  after: BoardPlace | undefined,
): Step<BoardPage> => {
  const where = whereSelected(selection)
  // Entries that reversed something need a second look at their user's events: the newest may be reversed itself.
  const sql = `WITH tally AS (
      SELECT user_id, sum(delta) AS count, max(occurred_at) AS newest, min(delta) AS lowest
      FROM events INDEXED BY events_by_window WHERE ${where.sql}
      GROUP BY user_id HAVING sum(delta) > 0
    ), ranked AS MATERIALIZED (
      SELECT users.id, username, display_name, avatar_url, count, newest, lowest, rank() OVER (ORDER BY count DESC) AS rank
      FROM tally CROSS JOIN users ON users.id = tally.user_id
      WHERE is_system = 0 AND is_active = 1 AND is_hidden = 0 AND is_erased = 0
    ), page AS MATERIALIZED (
      SELECT * FROM ranked WHERE ${after ? 'count < ? OR (count = ? AND id > ?)' : 'true'}
      ORDER BY count DESC, id LIMIT ?
    )
    SELECT total, page.*, CASE lowest WHEN 1 THEN newest ELSE (
      SELECT max(occurred_at) FROM (
        SELECT occurred_at FROM events INDEXED BY events_by_user WHERE events.user_id = page.id AND ${where.sql}
        GROUP BY occurred_at HAVING sum(delta) > 0)) END AS last_contribution_at
    FROM (SELECT count(*) AS total FROM ranked) LEFT JOIN page ON true ORDER BY count DESC, id`
  const start = after ? [after.count, after.count, after.userId] : []
  const parameters = [...where.parameters, ...start, limit + 1, ...where.parameters]
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
