import type { Correction } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Step } from './database.ts'

/** A correction to record. */
export interface RecordableCorrection extends Correction {
  /** When it was first recorded, for one that comes from an export; otherwise it is recorded now. */
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

// A trigger writes the reversing or reinstating entries; the guard skips a correction that is already known.
const insert = `INSERT INTO corrections (content_id, content_type, type, at, retracted, reason, recorded_at)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, coalesce(value->>6, ?2) FROM json_each(?1) ORDER BY key
  RETURNING content_id, content_type, type, at, retracted`

/**
 * Appends corrections; tells of each whether it is new. Rows written: 1 a new correction and 4 an entry that it
 * brings about, 0 for a redelivered one.
 */
export const appendCorrections = (
  db: D1Database,
  corrections: readonly RecordableCorrection[],
  now: Instant,
): Step<boolean[]> => {
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
      // Set.delete is true once a key: a correction named twice in a batch is new the first time only.
      return rows.map((row) => added.delete(keyOf(row)))
    },
  }
}
