import type { ContributionType } from '../../definitions/definitions.ts'
import type { Content } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import { contentOf } from './events.ts'
import { rowsOf, type Query } from '../database.ts'
import type { EventRow } from '../schema.ts'

/** How many contributions of a type a user has, not counting reversed ones. */
export interface StandingCount {
  user_id: number
  type: string
  count: number
}

const counts = `SELECT events.user_id AS user_id, events.type AS type, sum(events.delta) AS count
  FROM json_each(?1) AS item CROSS JOIN events INDEXED BY events_by_user ON events.user_id = item.value
  GROUP BY events.user_id, events.type`

/** The counts of some users, by type. A user without any contribution of a type has no row for it. */
export const readStandingCounts = (db: D1Database, userIds: readonly number[]): Query<StandingCount[]> => ({
  statements: [db.prepare(counts).bind(JSON.stringify([...new Set(userIds)]))],
  read: ([result]) => rowsOf<StandingCount>(result),
})

/** A contribution shown as an example of a difference. */
export interface Sample {
  content: Content
  occurredAt: Instant
  /** False if it was reversed. */
  stands: boolean
}

const samples = `SELECT content_type, content_id, occurred_at, sum(delta) AS stands
  FROM events INDEXED BY events_by_user WHERE user_id = ?1 AND type = ?2
  GROUP BY content_type, content_id HAVING sum(delta) = ?3
  ORDER BY occurred_at DESC, min(position) DESC LIMIT ?4`

/** A user's newest contributions of a type: those that count, or those that were reversed; at most `limit`. */
export const readSamples = (
  db: D1Database,
  userId: number,
  type: ContributionType,
  stands: boolean,
  limit: number,
): Query<Sample[]> => ({
  statements: [db.prepare(samples).bind(userId, type, stands ? 1 : 0, limit)],
  read: ([result]) =>
    rowsOf<Pick<EventRow, 'content_type' | 'content_id' | 'occurred_at'>>(result).map((row) => ({
      content: contentOf(row),
      occurredAt: row.occurred_at,
      stands,
    })),
})
