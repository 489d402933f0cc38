import type { Content } from '../contributions/contribution.ts'
import { rowsOf, type Step } from './database.ts'
import type { EventRow, UserRow } from './schema.ts'

/** The content of a row; every event has one. */
export const contentOf = (row: Pick<EventRow, 'content_type' | 'content_id'>): Content => ({
  type: row.content_type,
  id: row.content_id,
})

/** The parent of a row, or null where it has none. */
export const parentOf = (row: Pick<EventRow, 'parent_type' | 'parent_id'>): Content | null =>
  row.parent_type === null || row.parent_id === null ? null : { type: row.parent_type, id: row.parent_id }

/** The events after a position, in position order; at most `limit`. */
export const readEvents = (db: D1Database, after: number, limit: number): Step<EventRow[]> => ({
  statements: [
    db.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?').bind(after, limit),
  ],
  read: ([result]) => rowsOf<EventRow>(result),
})

/** An event of a user, with `contribution`: the position of the first entry of what it counts or reverses. */
export type UserEventRow = Omit<EventRow, 'user_id' | 'recorded_at' | 'reason'> & { contribution: number }

/** What a user's counter finds when it looks at the log. */
export interface Look {
  epoch: string
  /** Every type's history is declared whole. */
  complete: boolean
  /** The log position that the look saw. */
  position: number
  /** What is known of the user; undefined when no message named them. */
  user: UserRow | undefined
  /** The user's events after the position asked for, in position order; at most as many as asked for. */
  events: UserEventRow[]
}

const userEvents = `SELECT position, type, content_type, content_id, entry, delta, occurred_at,
    parent_type, parent_id, locale, product, self,
    CASE entry WHEN 0 THEN position ELSE (
      SELECT first.position FROM events AS first WHERE first.content_id = events.content_id
        AND first.content_type = events.content_type AND first.type = events.type AND first.entry = 0) END AS contribution
  FROM events INDEXED BY events_by_user WHERE user_id = ? AND position > ? ORDER BY position LIMIT ?`

/** One transaction for all of it. A look that finds nothing reads at most 4 rows. */
export const lookForUser = (db: D1Database, userId: number, after: number, limit: number): Step<Look> => ({
  statements: [
    db
      .prepare(
        `SELECT epoch, complete, (SELECT coalesce(max(position), 0) FROM events) AS position, users.*
         FROM log LEFT JOIN users ON users.id = ?`,
      )
      .bind(userId),
    db.prepare(userEvents).bind(userId, after, limit),
  ],
  read: ([head, tail]) => {
    const [row] = rowsOf<UserRow & { epoch: string; complete: number; position: number }>(head)
    if (!row) throw new Error('The database has no log row: apply the migrations')
    const { epoch, complete, position, ...user } = row
    return {
      epoch,
      complete: complete === 1,
      position,
      user: user.id === null ? undefined : user,
      events: rowsOf<UserEventRow>(tail),
    }
  },
})
