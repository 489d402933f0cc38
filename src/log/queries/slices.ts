import type { ContributionType } from '../../definitions/definitions.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { Selection } from '../../contributions/selection.ts'
import { runBatch, rowsOf, type Query } from '../database.ts'

/** A selection, or a part of one. If an instant has too many events, a part is a range of users at that instant. */
export interface Slice extends Selection {
  /** User IDs in an inclusive range; undefined for all. */
  users?: { from: number; to: number } | undefined
}

/** The boundary between two slices: an instant, or a user at an instant that has too many events. */
interface Cut {
  occurredAt: Instant
  /** 0: the boundary lies before all users at the instant. */
  userId: number
}

/**
 * The maximum number of events in a slice, unless one user has more at one instant. Small enough that no slice blocks
 * the webhooks for long. Its answer takes 17 bytes per user, far below D1's limit of 2 MB for a value. 10 million
 * events make 250 slices; the platform allows 1,000 queries per call.
 */
const defaultSliceEvents = 40_000

const cutWindow = `SELECT occurred_at, user_id FROM events INDEXED BY events_by_window
  WHERE type = ? AND occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, user_id LIMIT 1 OFFSET ?`

const cutInstant = `SELECT occurred_at, user_id FROM events INDEXED BY events_by_window
  WHERE type = ? AND occurred_at = ? AND user_id >= ? ORDER BY user_id LIMIT 1 OFFSET ?`

/** The end of the slice of one type that begins at `start`; `to` if the rest fits in one slice. */
const readSliceEnd = (
  db: D1Database,
  { type, to, sliceEvents }: { type: ContributionType; to: Instant; sliceEvents: number },
  start: Cut,
): Query<Cut> => {
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
 * Reads a selection type by type, slice by slice. All entries of a contribution are in one slice. Events up to a
 * position never change, so the slices are consistent even if events are appended meanwhile. Yields to timers and other
 * requests between slices, which consecutive local D1 calls would block. Throws LogUnavailable.
 */
export async function* readInSlices<Answer>(
  db: D1Database,
  selection: Selection & { position: number },
  readSlice: (slice: Slice) => Query<Answer>,
  sliceEvents = defaultSliceEvents,
): AsyncGenerator<Answer> {
  const { from, to } = selection.window
  for (const type of selection.rule.types) {
    const rule = { ...selection.rule, types: [type] }
    const range = { type, to, sliceEvents }
    let start: Cut = { occurredAt: from, userId: 0 }
    let [end] = await runBatch(db, readSliceEnd(db, range, start))
    while (start.occurredAt < to) {
      // The same batch also finds the end of the next slice.
      const query = readSlice({ ...selection, rule, ...between(start, end) })
      const [answer, nextEnd] = await runBatch(db, query, readSliceEnd(db, range, end))
      yield answer
      await scheduler.wait(0)
      start = end
      end = nextEnd
    }
  }
}
