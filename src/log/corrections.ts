import type {
  AmendableFacts,
  Amendment,
  Content,
  Correction,
  Deletion,
} from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { UserFacts } from '../contributions/user.ts'
import { storedOf, type Query } from './database.ts'

/*
 * What messages say later about contributions. From corrections and amendments the database derives what the log should
 * say, and triggers append the entries that it lacks. Deletions change no number: only lists show them.
 */

/** A correction to record. */
export interface RecordableCorrection extends Correction {
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
}

/** An amendment to record. */
export interface RecordableAmendment extends Amendment {
  /** The facts about its new user, which are among the input's `contributors` too. */
  contributor?: UserFacts | undefined
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
}

// One trigger skips known corrections, another writes the reversing or reinstating entries.
const insertCorrections = `INSERT INTO corrections (content_id, content_type, type, at, retracted, as_spam, reason, recorded_at)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, coalesce(value->>7, ?2) FROM json_each(?1) ORDER BY key
  RETURNING content_id, content_type, type, at, retracted, as_spam`

/**
 * Appends corrections, and reports whether each was new. Rows written: 1 for a new correction, plus 4 for each entry
 * that it adds; 0 for a known one.
 */
export const appendCorrections = (
  db: D1Database,
  corrections: readonly RecordableCorrection[],
  now: Instant,
): Query<boolean[]> => {
  const rows = corrections.map(({ content, type, at, retracted, reason, recordedAt }) => [
    content.id,
    content.type,
    type ?? '',
    at,
    retracted ? 1 : 0,
    retracted && reason === 'spam' ? 1 : 0,
    reason,
    recordedAt ?? null,
  ])
  return {
    statements: [db.prepare(insertCorrections).bind(JSON.stringify(rows), now)],
    read: ([result]) => storedOf(rows, result),
  }
}

/**
 * The amended fields as the database stores them, always in the same order. A parent is stored as text, so that SQL can
 * compare parents.
 */
const fieldsOf = ({ userId, locale, product, parent, self }: Partial<AmendableFacts>): string =>
  JSON.stringify({
    user_id: userId,
    locale,
    product,
    parent: parent === null ? '' : parent && JSON.stringify({ type: parent.type, id: parent.id }),
    self: self === undefined ? undefined : Number(self),
  })

/** The inverse of `fieldsOf`. */
export const amendedFactsOf = (fields: string): Partial<AmendableFacts> => {
  const { user_id, parent, self, ...same } = JSON.parse(fields) as {
    user_id?: number
    locale?: string
    product?: string
    parent?: string
    self?: number
  }
  return {
    ...same,
    ...(user_id !== undefined && { userId: user_id }),
    ...(parent !== undefined && { parent: parent === '' ? null : (JSON.parse(parent) as Content) }),
    ...(self !== undefined && { self: self === 1 }),
  }
}

// One trigger skips amendments that cannot affect any later answer; another writes the entries that the rest add.
const insertAmendments = `INSERT INTO amendments (content_id, content_type, type, at, fields, recorded_at)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, coalesce(value->>5, ?2) FROM json_each(?1) ORDER BY key
  RETURNING content_id, content_type, type, at, fields`

/**
 * Appends amendments, and reports whether each can affect a later answer. Rows written: 1 for one that can, plus 8 for
 * each contribution that it changes; 0 for one that cannot.
 */
export const appendAmendments = (
  db: D1Database,
  amendments: readonly RecordableAmendment[],
  now: Instant,
): Query<boolean[]> => {
  const rows = amendments.map(({ content, type, at, set, recordedAt }) => [
    content.id,
    content.type,
    type ?? '',
    at,
    fieldsOf(set),
    recordedAt ?? null,
  ])
  return {
    statements: [db.prepare(insertAmendments).bind(JSON.stringify(rows), now)],
    read: ([result]) => storedOf(rows, result),
  }
}

// The latest fact wins; of a deletion and an undeletion with the same instant, the deletion.
const insertDeletions = `INSERT INTO contents (content_id, content_type, deleted, deleted_at)
  SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?1) WHERE true ORDER BY key
  ON CONFLICT (content_id, content_type) DO UPDATE SET deleted = excluded.deleted, deleted_at = excluded.deleted_at
  WHERE deleted_at IS NULL OR (excluded.deleted_at, excluded.deleted) > (deleted_at, deleted)
  RETURNING content_id, content_type, deleted, deleted_at`

/**
 * Stores deletions and undeletions, and reports whether each was newer than the stored one. Rows written: 1 if it was,
 * 0 if not.
 */
export const appendDeletions = (db: D1Database, deletions: readonly Deletion[]): Query<boolean[]> => {
  const rows = deletions.map(({ content, deleted, at }) => [content.id, content.type, deleted ? 1 : 0, at])
  return {
    statements: [db.prepare(insertDeletions).bind(JSON.stringify(rows))],
    read: ([result]) => storedOf(rows, result),
  }
}
