import type { Content } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import { gt } from 'drizzle-orm'
import { rowsOf, type Query } from '../database.ts'
import { builder, placeholder, prepareQuery } from './prepareQuery.ts'
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
export type UserEventRow = Omit<EventRow, 'user_id' | 'recorded_at' | 'reason' | 'entry'> & {
  contribution: number
}

/** The columns of a user's events, in the order in which `UserEvents` has their values. */
export const userEventColumns = [
  'occurred_at',
  'contribution',
  'position',
  'delta',
  'type',
  'content_type',
  'content_id',
  'parent_type',
  'parent_id',
  'locale',
  'product',
  'self',
] as const satisfies readonly (keyof UserEventRow)[]

// SQL by hand: drizzle has no INDEXED BY.
const userEvents = (userId: string, after: string, limit: string): string =>
  `SELECT position, type, content_type, content_id, delta, occurred_at, parent_type, parent_id, locale, product, self,
    CASE entry WHEN 0 THEN position ELSE (
      SELECT first.position FROM main.events AS first WHERE first.content_id = events.content_id
        AND first.content_type = events.content_type AND first.type = events.type AND first.entry = 0) END AS contribution
  FROM main.events INDEXED BY events_by_user WHERE user_id = ${userId} AND position > ${after} ORDER BY position LIMIT ${limit}`

/**
 * A WITH clause that gives a user's first events the name and the columns of a counter's table, so that a counter's
 * statements can run on the log. `userId` is a placeholder.
 */
export const withUserEvents = (userId: string, limit: number): string =>
  `WITH events AS (${userEvents(userId, '0', String(limit))})`

/** A page of a user's events, packed for a counter. */
export interface UserEvents {
  count: number
  /** The position of the last one; null without events. */
  last: number | null
  /** JSON: for each event, an array with the values of `userEventColumns`. */
  rows: string
}

/** The maximum number of events per read. With the longest names they take 1.4 MB; D1 limits a value to 2 MB. */
export const userEventsMax = 1000

// As one value, the events pass through JavaScript as text.
const packedUserEvents = `SELECT count(*) AS count, max(position) AS last,
    json_group_array(json_array(${userEventColumns.join(', ')})) AS rows
  FROM (${userEvents('?', '?', String(userEventsMax))})`

/** A user's next events after a position: `userEventsMax` of them, or all if there are fewer. */
export const readUserEvents = (db: D1Database, userId: number, after: number): Query<UserEvents> => ({
  statements: [db.prepare(packedUserEvents).bind(userId, after)],
  read: ([result]) => rowsOf<UserEvents>(result)[0] ?? { count: 0, last: null, rows: '[]' },
})

/** What lists show of a contribution besides its counted values. */
export interface ListedFacts {
  title: string | null
  url: string | null
  /** When its content was deleted; null if it is not. */
  deletedAt: Instant | null
  /** Whether any amendment applies to it. */
  amended: boolean
}

/** The facts of a contribution about which nothing is stored. */
export const noListedFacts: ListedFacts = { title: null, url: null, deletedAt: null, amended: false }

// If the content was retracted as spam, titles and addresses from before that retraction are never shown.
const listedFacts = `SELECT item.key AS "index",
    iif(title_at > spam_at OR spam_at IS NULL, title) AS title, iif(url_at > spam_at OR spam_at IS NULL, url) AS url,
    iif(deleted, deleted_at) AS deleted_at, amended
  FROM (SELECT key, value->>0 AS type, value->>1 AS content_type, value->>2 AS content_id,
      (SELECT max(at) FROM corrections WHERE corrections.content_id = value->>2 AND corrections.content_type = value->>1
        AND retracted = 1 AND reason = 'spam') AS spam_at,
      EXISTS (SELECT 1 FROM amendments WHERE amendments.content_id = value->>2 AND amendments.content_type = value->>1
        AND amendments.type IN ('', value->>0)) AS amended
    FROM json_each(?1)) AS item
  LEFT JOIN contents ON contents.content_id = item.content_id AND contents.content_type = item.content_type
  WHERE amended OR contents.content_id IS NOT NULL`

interface ListedRow {
  index: number
  title: string | null
  url: string | null
  deleted_at: Instant | null
  amended: number
}

/** The listed facts of contributions, in the same order. Reads at most a few rows for each. */
export const readListedFacts = (
  db: D1Database,
  contributions: readonly { type: ContributionType; content: Content }[],
): Query<ListedFacts[]> => {
  const items = contributions.map(({ type, content }) => [type, content.type, content.id])
  return {
    statements: [db.prepare(listedFacts).bind(JSON.stringify(items))],
    read: ([result]) => {
      const rows = new Map(rowsOf<ListedRow>(result).map((row) => [row.index, row]))
      return contributions.map((_, index) => {
        const row = rows.get(index)
        if (row === undefined) return noListedFacts
        const { title, url, deleted_at: deletedAt, amended } = row
        return { title, url, deletedAt, amended: amended === 1 }
      })
    },
  }
}
