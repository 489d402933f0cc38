import {
  documentsType,
  forEachType,
  isDefined,
  type ContributionType,
} from '../../definitions/definitions.ts'
import { dayMilliseconds, afterAllEvents, type Instant } from '../../contributions/instant.ts'
import { standardWindows, windowAt, type Window, type WindowLength } from '../../contributions/window.ts'

/* Counts over the tables of userEvents.ts. */

/** The counts of one window. */
export interface Counts {
  total: number
  [type: ContributionType]: number
}

export interface UserCounts {
  lifetime: Counts
  /** One for each of `standardWindows`, in order. */
  windows: Counts[]
  firstContributionAt: Instant | null
  lastContributionAt: Instant | null
  /** Distinct parents of `documentsType`. */
  documents: number
  countedAt: Instant
  /** When the next event leaves a window: until then, live counts change only if the log grows. */
  validUntil: Instant
}

// Grouping follows the primary key, so nothing is sorted.
const standing = `SELECT type, occurred_at, parent_type, parent_id FROM events
  WHERE occurred_at < ?1 GROUP BY occurred_at, contribution HAVING sum(delta) = 1`

const countByType = `SELECT type, count(*) AS lifetime, min(occurred_at) AS first, max(occurred_at) AS last,
    count(DISTINCT CASE type WHEN '${documentsType}' THEN parent_type || ' ' || parent_id END) AS documents,
    ${standardWindows
      .flatMap((days, index) => [
        `count(*) FILTER (WHERE occurred_at >= ?${index + 2}) AS in_${days}d`,
        `min(occurred_at) FILTER (WHERE occurred_at >= ?${index + 2}) AS oldest_${days}d`,
      ])
      .join(', ')}
  FROM (${standing}) GROUP BY type`

/** A count of 0 for each type. */
export const noCounts = (): Counts => ({ total: 0, ...forEachType(() => 0) })

type Row = Record<string, SqlStorageValue> & { type: ContributionType }

const countsOf = (rows: readonly Row[], column: string): Counts => {
  const counts = noCounts()
  for (const row of rows) {
    const count = Number(row[column])
    counts[row.type] = count
    counts.total += count
  }
  return counts
}

const instantsOf = (rows: readonly Row[], column: string): Instant[] =>
  rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []))

/** Counts the contributions that stand before an instant, or live (without an upper end). */
export const countUser = (sql: SqlStorage, asOf: Instant, live: boolean): UserCounts => {
  const froms = standardWindows.map((days) => windowAt(days, asOf, live).from)
  const rows = sql
    .exec<Row>(countByType, live ? afterAllEvents : asOf, ...froms)
    .toArray()
    .filter(({ type }) => isDefined(type))
  const expiries = standardWindows.flatMap((days) =>
    instantsOf(rows, `oldest_${days}d`).map((oldest) => oldest + days * dayMilliseconds + 1),
  )
  const firsts = instantsOf(rows, 'first')
  const lasts = instantsOf(rows, 'last')
  return {
    lifetime: countsOf(rows, 'lifetime'),
    windows: standardWindows.map((days) => countsOf(rows, `in_${days}d`)),
    firstContributionAt: firsts.length === 0 ? null : Math.min(...firsts),
    lastContributionAt: lasts.length === 0 ? null : Math.max(...lasts),
    documents: rows.reduce((sum, row) => sum + Number(row['documents']), 0),
    countedAt: asOf,
    validUntil: Math.min(afterAllEvents, ...expiries),
  }
}

/** The counts of a window, if it is among a user's: all time and `standardWindows`. */
export const countsOver = (counts: UserCounts, length: WindowLength): Counts | undefined =>
  length === null ? counts.lifetime : counts.windows[standardWindows.findIndex((days) => days === length)]

/** How many contributions stand in any window, of one type or of all. */
export const countWindow = (sql: SqlStorage, window: Window, type: ContributionType | undefined): number =>
  sql
    .exec<{ count: number }>(
      `SELECT count(*) AS count FROM (
         SELECT 1 FROM events WHERE occurred_at >= ? AND occurred_at < ?
           AND ${type === undefined ? '?' : 'type = ?'}
         GROUP BY occurred_at, contribution HAVING sum(delta) = 1
       )`,
      window.from,
      window.to,
      type ?? 1,
    )
    .one().count
