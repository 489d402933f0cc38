import type { AmendableFacts, Amendment, Content } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Query } from './database.ts'

/** An amendment to record. */
export interface RecordableAmendment extends Amendment {
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
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

type Row = [string, string, string, Instant, string, Instant | null]

const toRow = ({ content, type, at, set, recordedAt }: RecordableAmendment): Row => [
  content.id,
  content.type,
  type ?? '',
  at,
  fieldsOf(set),
  recordedAt ?? null,
]

const keyOf = (row: readonly unknown[]): string => JSON.stringify(row.slice(0, 5))

// One trigger skips amendments that cannot affect any later answer; another writes the entries that the rest add.
const insert = `INSERT INTO amendments (content_id, content_type, type, at, fields, recorded_at)
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
  if (amendments.length === 0) return { statements: [], read: () => [] }
  const rows = amendments.map(toRow)
  return {
    statements: [db.prepare(insert).bind(JSON.stringify(rows), now)],
    read: ([result]) => {
      const added = new Set(
        rowsOf<Record<string, unknown>>(result).map((row) =>
          keyOf([row['content_id'], row['content_type'], row['type'], row['at'], row['fields']]),
        ),
      )
      // Set.delete returns true once per key, so of repeated amendments in a batch only the first counts as new.
      return rows.map((row) => added.delete(keyOf(row)))
    },
  }
}
