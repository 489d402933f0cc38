import type { Instant } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import { and, gt, lte } from 'drizzle-orm'
import {
  contributionTypes,
  type ContributionType,
  type ResponseTypes,
} from '../../definitions/definitions.ts'
import { rowsOf, type Query } from '../database.ts'
import { builder, placeholder, prepareQuery } from './prepareQuery.ts'
import { users, type UserRow } from '../schema.ts'
import { threadName, threadWeight } from './entries.ts'
import type { UserEventRow } from './events.ts'
import { whereSelected } from './selection.ts'
import type { Slice } from './slices.ts'
import { totalsOf, type LogTotals } from './status.ts'

/*
 * The audit's reads. It counts with its own statements, because those of the projections could be wrong, and shares
 * only the WHERE of a selection (selection.ts), the head of the log (head.ts) and the user's row. Every statement is
 * bounded, so that an audit never blocks the webhooks for long.
 */

const usersPage = prepareQuery(
  builder
    .select()
    .from(users)
    .where(and(gt(users.id, placeholder('after')), lte(users.id, placeholder('upTo'))))
    .orderBy(users.id)
    .limit(placeholder('limit')),
)

/** The users with an ID in (`after`, `upTo`], by ID; at most `limit`. */
export const readUsersBetween = (
  db: D1Database,
  { after, upTo }: { after: number; upTo: number },
  limit: number,
): Query<UserRow[]> => usersPage(db, { after, upTo, limit })

const eventsOfUser = `SELECT events.position, events.type, events.content_type, events.content_id, events.delta,
    events.occurred_at, events.parent_type, events.parent_id, events.locale, events.product, events.self,
    first.position AS contribution
  FROM events INDEXED BY events_by_user CROSS JOIN events AS first INDEXED BY events_identity
    ON first.content_id = events.content_id AND first.content_type = events.content_type
      AND first.type = events.type AND first.entry = 0
  WHERE events.user_id = ? AND events.position > ? AND events.position <= ? ORDER BY events.position LIMIT ?`

/** A user's events with a position in (`after`, `upTo`], in position order; at most `limit`. */
export const readEventsOfUser = (
  db: D1Database,
  userId: number,
  range: { after: number; upTo: number; limit: number },
): Query<UserEventRow[]> => ({
  statements: [db.prepare(eventsOfUser).bind(userId, range.after, range.upTo, range.limit)],
  read: ([events]) => rowsOf<UserEventRow>(events),
})

/** Users' counts in a selection. All lists have the same order. */
export interface Recounted {
  userIds: number[]
  counts: number[]
  /** The instant of the newest counted contribution; null if none is counted. */
  newests: (Instant | null)[]
}

/** Counts a selection by user. It first sums by instant, so that a reversed contribution is never the newest. */
export const recount = (db: D1Database, selection: Slice): Query<Recounted> => {
  const where = whereSelected(selection)
  const sql = `SELECT json_group_array(user_id) AS user_ids, json_group_array(count) AS counts,
      json_group_array(newest) AS newests
    FROM (SELECT user_id, sum(count) AS count, max(CASE WHEN count > 0 THEN occurred_at END) AS newest
      FROM (SELECT user_id, occurred_at, sum(delta) AS count FROM events INDEXED BY events_by_window
        WHERE ${where.sql} GROUP BY user_id, occurred_at)
      GROUP BY user_id)`
  return {
    statements: [db.prepare(sql).bind(...where.parameters)],
    read: ([result]) => {
      const [row] = rowsOf<{ user_ids: string; counts: string; newests: string }>(result)
      return {
        userIds: JSON.parse(row?.user_ids ?? '[]') as number[],
        counts: JSON.parse(row?.counts ?? '[]') as number[],
        newests: JSON.parse(row?.newests ?? '[]') as (Instant | null)[],
      }
    },
  }
}

const entriesInNumbers = `SELECT
    coalesce(sum(1 - 2 * (entry % 2)) FILTER (WHERE type IN (SELECT value FROM json_each(?3))), 0) AS contributions,
    min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at
  FROM events NOT INDEXED WHERE position > ?1 AND position <= ?2`

/** Totals of the events in (`after`, `upTo`], computed independently of `readTotals`. */
export const recountTotals = (db: D1Database, after: number, upTo: number): Query<LogTotals> => ({
  statements: [db.prepare(entriesInNumbers).bind(after, upTo, JSON.stringify(contributionTypes))],
  read: ([result]) => totalsOf(result),
})

const entriesByType = `SELECT type, count(*) AS entries, sum(1 - 2 * (entry % 2)) AS standing,
    sum((occurred_at % 1000003 + 1) * (user_id % 9973 + 1) + (occurred_at % 997 + 1) * (self + 2 * length(locale)
      + 101 * coalesce(unicode(locale), 0) + 211 * length(product) + 1009 * coalesce(unicode(product), 0))
      + (occurred_at % 89 + 1) * coalesce(${threadWeight('thread')} + 1, 0)) AS checksum
  FROM (SELECT *, ${threadName} AS thread FROM events NOT INDEXED WHERE position > ?1 AND position <= ?2)
  GROUP BY type`

/** Counts and checksums of the entries in (`after`, `upTo`], by type. The checksums are not reduced by the modulus. */
export const recountEntries = (
  db: D1Database,
  { after, upTo }: { after: number; upTo: number },
  { question = '', answer = '', solution = '' }: Partial<ResponseTypes>,
): Query<{ type: ContributionType; entries: number; standing: number; checksum: number }[]> => ({
  statements: [db.prepare(entriesByType).bind(after, upTo, question, answer, solution)],
  read: ([result]) => rowsOf<{ type: string; entries: number; standing: number; checksum: number }>(result),
})

/** The system accounts, and the highest revision of any user. Reads every user. */
export const recountSystemUsers = (db: D1Database): Query<{ revision: number; systemUsers: number[] }> => ({
  statements: [
    db.prepare(
      `SELECT coalesce(max(revision), 0) AS revision, json_group_array(id) FILTER (WHERE is_system <> 0) AS ids FROM users`,
    ),
  ],
  read: ([result]) => {
    const [row] = rowsOf<{ revision: number; ids: string }>(result)
    return { revision: row?.revision ?? 0, systemUsers: JSON.parse(row?.ids ?? '[]') as number[] }
  },
})

/** The number of users. Reads every user. */
export const countUsers = (db: D1Database): Query<number> => ({
  statements: [db.prepare('SELECT count(*) AS users FROM users')],
  read: ([result]) => rowsOf<{ users: number }>(result)[0]?.users ?? 0,
})

/** Whether boards rank a user, and whether metrics count them. */
export interface Visibility {
  userId: number
  /** Boards rank users who are not system accounts, inactive, hidden or erased. */
  isRanked: boolean
  /** Metrics count users who are not system accounts. */
  isCounted: boolean
}

const visibility = `SELECT json_group_array(json_array(users.id,
    is_system = 0 AND is_active = 1 AND is_hidden = 0 AND is_erased = 0, is_system = 0)) AS visibility
  FROM json_each(?) AS wanted CROSS JOIN users ON users.id = wanted.value WHERE revision <= ?`

/** The visibility of users, except those who have changed since `revision`. */
export const readVisibility = (
  db: D1Database,
  userIds: readonly number[],
  revision: number,
): Query<Visibility[]> => ({
  statements: [db.prepare(visibility).bind(JSON.stringify(userIds), revision)],
  read: ([result]) => {
    const packed = rowsOf<{ visibility: string }>(result)[0]?.visibility ?? '[]'
    return (JSON.parse(packed) as [number, number, number][]).map(([userId, isRanked, isCounted]) => ({
      userId,
      isRanked: isRanked === 1,
      isCounted: isCounted === 1,
    }))
  },
})

/** The profiles of users, except those who have changed since `revision`. */
export const readProfiles = (
  db: D1Database,
  userIds: readonly number[],
  revision: number,
): Query<Profile[]> => ({
  statements: [
    db
      .prepare(
        `SELECT users.id, username, display_name, avatar_url
         FROM json_each(?) AS wanted CROSS JOIN users ON users.id = wanted.value WHERE revision <= ?`,
      )
      .bind(JSON.stringify(userIds), revision),
  ],
  read: ([result]) => rowsOf<Profile>(result),
})
