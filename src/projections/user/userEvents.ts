import type { DayCount, DayPiece } from '../../contributions/calendar.ts'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { Contribution } from '../../contributions/contribution.ts'
import { afterAllEvents, type Instant, type Window } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import {
  contentOf,
  parentOf,
  userEventColumns,
  type UserEventRow,
  type UserEvents,
} from '../../log/queries/events.ts'
import type { Checkpoint } from '../../log/head.ts'
import type { Filter } from '../../contributions/selection.ts'
import { type Fragment, localDaySql } from '../../log/queries/selection.ts'
import { EventDigest } from './eventDigest.ts'

/*
 * The tables of a UserCounter, and the statements on them, except for counts (userCounts.ts). The primary key orders
 * events by time, then by contribution, so a window is one range and the entries of a contribution are adjacent. An
 * amended contribution counts with the values of its last entry: for max(position), SQLite takes the other columns of
 * the group from that row.
 */

/** How far the counter has followed the log, and what is known about its user. */
export interface CounterState {
  position: number
  /** The end of the log at the last refresh, at `position` or after. */
  seen: Checkpoint
  /** When it last reached the end of the log; null if it never has. */
  refreshedAt: Instant | null
  complete: boolean
  erased: boolean
  user: Profile
  /** The revision of the user's facts. */
  revision: number
}

/** A contribution as lists show it. */
export interface ListedContribution extends Omit<Contribution, 'userId'> {
  position: number
}

/** The sort key of the last contribution on the previous page. */
export interface ListKey {
  occurredAt: Instant
  position: number
}

export const createTables = (sql: SqlStorage): void => {
  sql.exec(`CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL
  ) STRICT`)
  sql.exec(`CREATE TABLE events (
    occurred_at INTEGER NOT NULL, contribution INTEGER NOT NULL, position INTEGER NOT NULL, delta INTEGER NOT NULL,
    type TEXT NOT NULL, content_type TEXT NOT NULL, content_id TEXT NOT NULL, parent_type TEXT, parent_id TEXT,
    locale TEXT NOT NULL, product TEXT NOT NULL, self INTEGER NOT NULL,
    PRIMARY KEY (occurred_at, contribution, position)
  ) STRICT, WITHOUT ROWID`)
}

export const dropTables = (sql: SqlStorage): void => {
  sql.exec('DROP TABLE IF EXISTS counter')
  sql.exec('DROP TABLE IF EXISTS events')
}

/** The stored state; undefined if nothing is stored. */
export const loadState = (sql: SqlStorage): CounterState | undefined => {
  const tables = sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'counter'`).toArray()
  if (tables.length === 0) return undefined
  const { state } = sql.exec<{ state: string }>('SELECT state FROM counter').one()
  return JSON.parse(state) as CounterState
}

export const saveState = (sql: SqlStorage, state: CounterState): void => {
  sql.exec(
    'INSERT INTO counter (id, state) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state',
    JSON.stringify(state),
  )
}

const insertEvents = `INSERT INTO events (${userEventColumns.join(', ')})
  SELECT ${userEventColumns.map((_, index) => `value->>${index}`).join(', ')} FROM json_each(?)`

export const addEvents = (sql: SqlStorage, { rows }: UserEvents): void => {
  sql.exec(insertEvents, rows)
}

/** A digest of all stored events. */
export const digestEvents = (sql: SqlStorage): string => {
  const digest = new EventDigest()
  const events = sql.exec<UserEventRow>('SELECT * FROM events ORDER BY position')
  for (const event of events) digest.add(event)
  return digest.finish()
}

/**
 * The types to count, as JSON: the given one, or every defined type. Events of types that the site no longer defines
 * stay stored, but do not count.
 */
export const countedTypes = (type: ContributionType | undefined): string =>
  JSON.stringify(type === undefined ? contributionTypes : [type])

/**
 * The HAVING clause of a query that groups events by contribution. It keeps standing contributions that match the
 * filter. The query must select max(position), so that the filter sees the current values.
 */
export const standing = ({ locale, product }: Filter): Fragment => ({
  sql: `HAVING sum(delta) = 1${locale === undefined ? '' : ' AND locale = ?'}${product === undefined ? '' : ' AND product = ?'}`,
  parameters: [locale, product].filter((value) => value !== undefined),
})

export interface ListQuery extends Filter {
  window: Window
  type: ContributionType | undefined
  position: number
  after: ListKey | undefined
  /** How many of them to leave out first. */
  offset?: number | undefined
  limit: number
}

/** The contributions that stood at a position, newest first; of the same instant, the highest position first. */
export const listContributions = (
  sql: SqlStorage,
  { window, type, locale, product, position, after, offset = 0, limit }: ListQuery,
): { contributions: ListedContribution[]; more: boolean } => {
  const { sql: having, parameters } = standing({ locale, product })
  const start = after ?? { occurredAt: afterAllEvents, position: Number.MAX_SAFE_INTEGER }
  const rows = sql
    .exec<Omit<UserEventRow, 'delta'>>(
      `SELECT contribution, type, occurred_at, content_type, content_id, parent_type, parent_id, locale, product, self,
         max(position)
       FROM events
       WHERE occurred_at >= ? AND occurred_at < ? AND (occurred_at, contribution) < (?, ?)
         AND position <= ? AND type IN (SELECT value FROM json_each(?))
       GROUP BY occurred_at, contribution ${having}
       ORDER BY occurred_at DESC, contribution DESC LIMIT ? OFFSET ?`,
      window.from,
      window.to,
      start.occurredAt,
      start.position,
      position,
      countedTypes(type),
      ...parameters,
      limit + 1,
      offset,
    )
    .toArray()
  return {
    contributions: rows.slice(0, limit).map((row) => ({
      type: row.type,
      occurredAt: row.occurred_at,
      content: contentOf(row),
      parent: parentOf(row),
      locale: row.locale,
      product: row.product,
      self: row.self === 1,
      position: row.contribution,
    })),
    more: rows.length > limit,
  }
}

export interface CalendarQuery extends Filter {
  window: Window
  type: ContributionType | undefined
  pieces: readonly DayPiece[]
}

/** The number of standing contributions per day, in order; days without any are left out. */
export const countDays = (sql: SqlStorage, query: CalendarQuery): DayCount[] => {
  const { window, type, pieces } = query
  const { sql: having, parameters } = standing(query)
  return sql
    .exec<{ day: number; count: number }>(
      `SELECT ${localDaySql(pieces)} AS day, count(*) AS count FROM (
         SELECT occurred_at, max(position) FROM events WHERE occurred_at >= ? AND occurred_at < ?
           AND type IN (SELECT value FROM json_each(?))
         GROUP BY occurred_at, contribution ${having}
       ) GROUP BY day ORDER BY day`,
      window.from,
      window.to,
      countedTypes(type),
      ...parameters,
    )
    .toArray()
}
