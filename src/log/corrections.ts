import type { Correction } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Query } from './database.ts'

/** A correction to record. */
export interface RecordableCorrection extends Correction {
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
}

type Row = [string, string, string, Instant, number, string | null, Instant | null]

const toRow = ({ content, type, at, retracted, reason, recordedAt }: RecordableCorrection): Row => [
  content.id,
  content.type,
  type ?? '',
  at,
  retracted ? 1 : 0,
  reason,
  recordedAt ?? null,
]

const keyOf = (row: readonly unknown[]): string => JSON.stringify(row.slice(0, 5))

// One trigger skips known corrections, another writes the reversing or reinstating entries.
const insert = `INSERT INTO corrections (content_id, content_type, type, at, retracted, reason, recorded_at)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, coalesce(value->>6, ?2) FROM json_each(?1) ORDER BY key
  RETURNING content_id, content_type, type, at, retracted`

/**
 * Appends corrections, and reports whether each was new. Rows written: 1 for a new correction, 4 for each entry that it
 * adds, 0 for a known correction.
 */
export const appendCorrections = (
  db: D1Database,
  corrections: readonly RecordableCorrection[],
  now: Instant,
): Query<boolean[]> => {
  if (corrections.length === 0) return { statements: [], read: () => [] }
  const rows = corrections.map(toRow)
  return {
    statements: [db.prepare(insert).bind(JSON.stringify(rows), now)],
    read: ([result]) => {
      const added = new Set(
        rowsOf<Record<string, unknown>>(result).map((row) =>
          keyOf([row['content_id'], row['content_type'], row['type'], row['at'], row['retracted']]),
        ),
      )
      // Set.delete returns true once for each key, so a correction that is repeated in a batch is new once.
      return rows.map((row) => added.delete(keyOf(row)))
    },
  }
}
