import type { Instant } from '../../contributions/instant.ts'
import { rowsOf, type Step } from '../database.ts'
import type { CoverageRow, EventRow, UserRow } from '../schema.ts'

/** A correction as it was recorded. */
export interface CorrectionRow {
  content_id: string
  content_type: string
  /** '' for every type. */
  type: string
  at: Instant
  retracted: number
  reason: string | null
  recorded_at: Instant
}

const contributions = `SELECT * FROM events WHERE position > ? AND position <= ? AND entry = 0
  ORDER BY position LIMIT ?`

/** The contributions after a position and up to another, in the order recorded; at most `limit`. */
export const readContributions = (
  db: D1Database,
  after: number,
  upTo: number,
  limit: number,
): Step<EventRow[]> => ({
  statements: [db.prepare(contributions).bind(after, upTo, limit)],
  read: ([result]) => rowsOf<EventRow>(result),
})

const corrections = `SELECT * FROM corrections
  WHERE (content_id, content_type, type, at, retracted) > (?, ?, ?, ?, ?)
  ORDER BY content_id, content_type, type, at, retracted LIMIT ?`

/**
 * The corrections that follow one in the order of their key, or from the first on; at most `limit`. No index has the
 * order in which they were recorded: it would cost a row with each, and without it every page would read all of them.
 */
export const readCorrections = (
  db: D1Database,
  after: CorrectionRow | undefined,
  limit: number,
): Step<CorrectionRow[]> => ({
  statements: [
    db
      .prepare(corrections)
      .bind(
        after?.content_id ?? '',
        after?.content_type ?? '',
        after?.type ?? '',
        after?.at ?? 0,
        after?.retracted ?? 0,
        limit,
      ),
  ],
  read: ([result]) => rowsOf<CorrectionRow>(result),
})

/** What is known of a user, and whether any contribution names them too. */
export type NamedUserRow = UserRow & { has_events: number }

const users = `SELECT users.*, EXISTS (SELECT 1 FROM events WHERE events.user_id = users.id) AS has_events
  FROM users WHERE id > ? ORDER BY id LIMIT ?`

/** The users after an id, by id; at most `limit`. */
export const readUsers = (db: D1Database, after: number, limit: number): Step<NamedUserRow[]> => ({
  statements: [db.prepare(users).bind(after, limit)],
  read: ([result]) => rowsOf<NamedUserRow>(result),
})

/** What is declared and known of every type's coverage. */
export const readDeclarations = (db: D1Database): Step<CoverageRow[]> => ({
  statements: [db.prepare('SELECT * FROM coverage ORDER BY type')],
  read: ([result]) => rowsOf<CoverageRow>(result),
})
