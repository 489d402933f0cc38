import {
  documentsType,
  forEachType,
  isDefined,
  type ContributionType,
} from '../../definitions/definitions.ts'
import {
  dayMilliseconds,
  afterAllEvents,
  type Instant,
  standardWindows,
  windowAt,
  type Window,
  type WindowLength,
} from '../../contributions/instant.ts'
import type { Filter } from '../../contributions/selection.ts'
import type { Fragment } from '../../log/queries/selection.ts'
import { countedTypes, standing } from './userEvents.ts'

/* Counts over the tables of userEvents.ts. */

/** The counts of one window. */
export interface Counts {
  total: number
  [type: ContributionType]: number
}

/** An instant for each type; null for a type without contributions. */
export type InstantByType = Record<ContributionType, Instant | null>

export interface UserCounts {
  lifetime: Counts
  /** One per entry of `standardWindows`, in order. */
  windows: Counts[]
  /** The first and the last contribution of each type. */
  first: InstantByType
  last: InstantByType
  /** Distinct parents of `documentsType`. */
  documents: number
  countedAt: Instant
  /** When the next event leaves a window. Until then, live counts change only if the log grows. */
  validUntil: Instant
}

/** The counts of a period. */
export interface PeriodCounts {
  counts: Counts
  documents: number
}

const countDocuments = `count(DISTINCT CASE type WHEN '${documentsType}' THEN parent_type || ' ' || parent_id END) AS documents`

// Groups in primary key order, so nothing is sorted. max(position) makes SQLite take the other columns from the last
// entry.
const countByType = (
  having: string,
): string => `SELECT type, count(*) AS lifetime, min(occurred_at) AS first, max(occurred_at) AS last,
    ${countDocuments},
    ${standardWindows
      .flatMap((days, index) => [
        `count(*) FILTER (WHERE occurred_at >= ?${index + 2}) AS in_${days}d`,
        `min(occurred_at) FILTER (WHERE occurred_at >= ?${index + 2}) AS oldest_${days}d`,
      ])
      .join(', ')}
  FROM (
    SELECT type, occurred_at, parent_type, parent_id, max(position) FROM events
    WHERE occurred_at < ?1 GROUP BY occurred_at, contribution ${having}
  ) GROUP BY type`

/** A count of 0 for each type. */
export const noCounts = (): Counts => ({ total: 0, ...forEachType(() => 0) })

/** A row that `countQuery` selects. */
export type CountRow = Record<string, SqlStorageValue> & { type: ContributionType }

const countsOf = (rows: readonly CountRow[], column: string): Counts => {
  const counts = noCounts()
  for (const row of rows) {
    const count = Number(row[column])
    counts[row.type] = count
    counts.total += count
  }
  return counts
}

const reduceInstants = (
  instants: InstantByType,
  choose: (one: Instant, other: Instant) => Instant,
): Instant | null => {
  const given = Object.values(instants).filter((instant) => instant !== null)
  return given.length === 0 ? null : given.reduce((one, other) => choose(one, other))
}

const documentsOf = (rows: readonly CountRow[]): number =>
  rows.reduce((sum, row) => sum + Number(row['documents']), 0)

const byType = (rows: readonly CountRow[], column: string): InstantByType =>
  forEachType(({ type }) => {
    const instant = rows.find((row) => row.type === type)?.[column]
    return typeof instant === 'number' ? instant : null
  })

const instantsOf = (rows: readonly CountRow[], column: string): Instant[] =>
  rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []))

/**
 * The statement that counts a user's standing contributions before `asOf`, or, if live, without an upper bound. It runs
 * on any table `events` with the columns of a counter's.
 */
export const countQuery = (asOf: Instant, live: boolean, filter: Filter): Fragment => {
  const { sql, parameters } = standing(filter)
  const froms = standardWindows.map((days) => windowAt(days, asOf, live).from)
  return { sql: countByType(sql), parameters: [live ? afterAllEvents : asOf, ...froms, ...parameters] }
}

/** The counts in the rows of a `countQuery`. */
export const countsIn = (found: readonly CountRow[], asOf: Instant): UserCounts => {
  const rows = found.filter(({ type }) => isDefined(type))
  const expiries = standardWindows.flatMap((days) =>
    instantsOf(rows, `oldest_${days}d`).map((oldest) => oldest + days * dayMilliseconds + 1),
  )
  return {
    lifetime: countsOf(rows, 'lifetime'),
    windows: standardWindows.map((days) => countsOf(rows, `in_${days}d`)),
    first: byType(rows, 'first'),
    last: byType(rows, 'last'),
    documents: documentsOf(rows),
    countedAt: asOf,
    validUntil: Math.min(afterAllEvents, ...expiries),
  }
}

/** Runs `countQuery` in a counter's storage. */
export const countUser = (sql: SqlStorage, asOf: Instant, live: boolean, filter: Filter): UserCounts => {
  const query = countQuery(asOf, live, filter)
  return countsIn(sql.exec<CountRow>(query.sql, ...query.parameters).toArray(), asOf)
}

/** The earliest and the latest of the instants; null if there are none. */
export const earliest = (instants: InstantByType): Instant | null => reduceInstants(instants, Math.min)
export const latest = (instants: InstantByType): Instant | null => reduceInstants(instants, Math.max)

const countPeriodByType = `SELECT type, count(*) AS count, ${countDocuments}
  FROM (
    SELECT type, parent_type, parent_id, max(position) FROM events WHERE occurred_at >= ? AND occurred_at < ?
    GROUP BY occurred_at, contribution HAVING sum(delta) = 1
  ) GROUP BY type`

/** Counts the standing contributions in a window, by type. */
export const countPeriod = (sql: SqlStorage, { from, to }: Window): PeriodCounts => {
  const rows = sql
    .exec<CountRow>(countPeriodByType, from, to)
    .toArray()
    .filter(({ type }) => isDefined(type))
  return { counts: countsOf(rows, 'count'), documents: documentsOf(rows) }
}

/** The counts for a window length, if `counts` has them: all time or one of `standardWindows`. */
export const countsOver = (counts: UserCounts, length: WindowLength): Counts | undefined =>
  length === null ? counts.lifetime : counts.windows[standardWindows.findIndex((days) => days === length)]

/** Counts the standing contributions in a window, of one type or all (undefined). */
export const countWindow = (
  sql: SqlStorage,
  window: Window,
  type: ContributionType | undefined,
  filter: Filter,
): number => {
  const { sql: having, parameters } = standing(filter)
  return sql
    .exec<{ count: number }>(
      `SELECT count(*) AS count FROM (
         SELECT max(position) FROM events WHERE occurred_at >= ? AND occurred_at < ?
           AND type IN (SELECT value FROM json_each(?))
         GROUP BY occurred_at, contribution ${having}
       )`,
      window.from,
      window.to,
      countedTypes(type),
      ...parameters,
    )
    .one().count
}
