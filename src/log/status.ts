import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Step } from './database.ts'

/** The log in numbers. */
export interface LogTotals {
  /** Rows. */
  events: number
  /** Contributions that stand. */
  contributions: number
  /** The least and the greatest `occurred_at` of all rows; null for an empty log. */
  firstEventAt: Instant | null
  lastEventAt: Instant | null
}

const totals = `SELECT coalesce(max(position), 0) AS events, coalesce(sum(delta), 0) AS contributions,
  min(occurred_at) AS first_event_at, max(occurred_at) AS last_event_at FROM events INDEXED BY events_by_window`

export const readTotals = (db: D1Database): Step<LogTotals> => ({
  statements: [db.prepare(totals)],
  read: ([result]) => {
    const [row] = rowsOf<{
      events: number
      contributions: number
      first_event_at: Instant | null
      last_event_at: Instant | null
    }>(result)
    return {
      events: row?.events ?? 0,
      contributions: row?.contributions ?? 0,
      firstEventAt: row?.first_event_at ?? null,
      lastEventAt: row?.last_event_at ?? null,
    }
  },
})
