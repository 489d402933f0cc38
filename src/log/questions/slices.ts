import type { ContributionType } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { Selection } from '../../contributions/selection.ts'
import { ask, rowsOf, type Step } from '../database.ts'

/** A selection, or a part of it: some of the users at one instant. */
export interface Slice extends Selection {
  /** From one user id to another, both included; undefined for everybody. */
  users?: { from: number; to: number } | undefined
}

/** Where a slice ends and the next one begins: at an instant, or at a user there if the instant is cut. */
interface Cut {
  occurredAt: Instant
  /** 0 for an instant that is not cut. */
  userId: number
}

/**
 * So many events at most, unless one user has more at one instant: no slice keeps D1 from the webhooks for long, and
 * what it returns stays far below the 2 MB that a value may have in D1, for a user takes 17 bytes. And 10 million events
 * are 250 slices, of the 1,000 queries that the platform allows a call.
 */
const defaultSliceEvents = 40_000

const cutWindow = `SELECT occurred_at, user_id FROM events INDEXED BY events_by_window
  WHERE type = ? AND occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, user_id LIMIT 1 OFFSET ?`

const cutInstant = `SELECT occurred_at, user_id FROM events INDEXED BY events_by_window
  WHERE type = ? AND occurred_at = ? AND user_id >= ? ORDER BY user_id LIMIT 1 OFFSET ?`

/** Where a slice of one type ends that begins at `start`; at `to` when no more than a slice is left. */
const readSliceEnd = (
  db: D1Database,
  { type, to, sliceEvents }: { type: ContributionType; to: Instant; sliceEvents: number },
  start: Cut,
): Step<Cut> => {
  const { occurredAt, userId } = start
  const isCut = userId > 0
  const rest: Cut = { occurredAt: isCut ? occurredAt + 1 : Math.max(occurredAt, to), userId: 0 }
  return {
    statements: [
      isCut
        ? db.prepare(cutInstant).bind(type, occurredAt, userId, sliceEvents)
        : db.prepare(cutWindow).bind(type, occurredAt, to, sliceEvents),
    ],
    read: ([result]) => {
      const [row] = rowsOf<{ occurred_at: Instant; user_id: number }>(result)
      if (row === undefined) return rest
      if (row.occurred_at > occurredAt) return { occurredAt: row.occurred_at, userId: 0 }
      return { occurredAt, userId: Math.max(row.user_id, userId + 1) }
    },
  }
}

const between = (start: Cut, end: Cut): Pick<Slice, 'window' | 'users'> => {
  if (start.userId === 0 && end.userId === 0)
    return { window: { from: start.occurredAt, to: end.occurredAt } }
  const to = end.userId === 0 ? Number.MAX_SAFE_INTEGER : end.userId - 1
  return {
    window: { from: start.occurredAt, to: start.occurredAt + 1 },
    users: { from: start.userId, to },
  }
}

/**
 * Reads a selection slice by slice, type by type; all entries of a contribution are in one slice. What is at or below a
 * position never changes, so the slices of one position fit together whatever is appended between them. Timers and
 * other requests run between slices: on a developer's machine, D1 calls one after the other would hold them up.
 * Throws LogUnavailable.
 */
export async function* readInSlices<Answer>(
  db: D1Database,
  selection: Selection & { position: number },
  readSlice: (slice: Slice) => Step<Answer>,
  sliceEvents = defaultSliceEvents,
): AsyncGenerator<Answer> {
  const { from, to } = selection.window
  for (const type of selection.rule.types) {
    const rule = { ...selection.rule, types: [type] }
    const stretch = { type, to, sliceEvents }
    let start: Cut = { occurredAt: from, userId: 0 }
    let [end] = await ask(db, readSliceEnd(db, stretch, start))
    while (start.occurredAt < to) {
      // With each slice is asked where the next one ends.
      const step = readSlice({ ...selection, rule, ...between(start, end) })
      const [answer, nextEnd] = await ask(db, step, readSliceEnd(db, stretch, end))
      yield answer
      await scheduler.wait(0)
      start = end
      end = nextEnd
    }
  }
}
