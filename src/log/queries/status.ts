import type { Instant } from '../../contributions/instant.ts'
import { contributionTypes } from '../../definitions/definitions.ts'
import { rowsOf, type Query } from '../database.ts'

/** Totals of a range of the log. */
export interface LogTotals {
  /** Contributions of the defined types, not counting reversed ones: the sum of deltas. */
  contributions: number
  /** The earliest and the latest `occurred_at` of all rows; null without rows. */
  firstEventAt: Instant | null
  lastEventAt: Instant | null
}

/** The totals in a result with the columns `contributions`, `first_event_at` and `last_event_at`. */
export const totalsOf = (result: D1Result | undefined): LogTotals => {
  const [row] = rowsOf<{
    contributions: number
    first_event_at: Instant | null
    last_event_at: Instant | null
  }>(result)
  return {
    contributions: row?.contributions ?? 0,
    firstEventAt: row?.first_event_at ?? null,
    lastEventAt: row?.last_event_at ?? null,
  }
}

/** The totals of the events with a position in (`after`, `upTo`]. */
export const readTotals = (db: D1Database, after: number, upTo: number): Query<LogTotals> => ({
  statements: [
    db
      .prepare(
        `SELECT coalesce(sum(delta) FILTER (WHERE type IN (SELECT value FROM json_each(?3))), 0) AS contributions,
           min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at
         FROM events NOT INDEXED WHERE position > ?1 AND position <= ?2`,
      )
      .bind(after, upTo, JSON.stringify(contributionTypes)),
  ],
  read: ([result]) => totalsOf(result),
})
