import type { Content } from '../../contributions/contribution.ts'
import { gt } from 'drizzle-orm'
import { rowsOf, type Query, builder, placeholder, prepareQuery } from '../database.ts'
import { events, type EventRow } from '../schema.ts'

/** The content of an event. */
export const contentOf = (row: Pick<EventRow, 'content_type' | 'content_id'>): Content => ({
  type: row.content_type,
  id: row.content_id,
})

/** The parent of an event, or null if it has none. */
export const parentOf = (row: Pick<EventRow, 'parent_type' | 'parent_id'>): Content | null =>
  row.parent_type === null || row.parent_id === null ? null : { type: row.parent_type, id: row.parent_id }

const eventsPage = prepareQuery(
  builder
    .select()
    .from(events)
    .where(gt(events.position, placeholder('after')))
    .orderBy(events.position)
    .limit(placeholder('limit')),
)

/** The events after a position, in position order; at most `limit`. */
export const readEvents = (db: D1Database, after: number, limit: number): Query<EventRow[]> =>
  eventsPage(db, { after, limit })

/**
 * An event of a user. `contribution` is the position of entry 0: of the contribution that it records, reverses or
 * reinstates.
 */
export type UserEventRow = Omit<EventRow, 'user_id' | 'recorded_at' | 'reason'> & { contribution: number }

// SQL by hand: drizzle has no INDEXED BY.
const userEvents = `SELECT position, type, content_type, content_id, entry, delta, occurred_at,
    parent_type, parent_id, locale, product, self,
    CASE entry WHEN 0 THEN position ELSE (
      SELECT first.position FROM events AS first WHERE first.content_id = events.content_id
        AND first.content_type = events.content_type AND first.type = events.type AND first.entry = 0) END AS contribution
  FROM events INDEXED BY events_by_user WHERE user_id = ? AND position > ? ORDER BY position LIMIT ?`

/** A user's events after a position, in position order; at most `limit`. */
export const readUserEvents = (
  db: D1Database,
  userId: number,
  after: number,
  limit: number,
): Query<UserEventRow[]> => ({
  statements: [db.prepare(userEvents).bind(userId, after, limit)],
  read: ([result]) => rowsOf<UserEventRow>(result),
})
