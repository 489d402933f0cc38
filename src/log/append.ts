import type {
  ContentLabel,
  Correction,
  CoverageDeclaration,
  Deletion,
} from '../contributions/contribution.ts'
import type { ContributionType } from '../definitions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { UserFacts } from '../contributions/user.ts'
import { appendAmendments, type RecordableAmendment } from './amendments.ts'
import { appendDeletions, appendLabels } from './contents.ts'
import { appendContributions, type Recordable, type Source, type Verdict } from './contributions.ts'
import { readPosition, rowsOf, runBatch, type Query } from './database.ts'
import type { CoverageRow } from './schema.ts'
import { appendUsers, appendUserUpdates } from './users.ts'

/** A correction to record. */
export interface RecordableCorrection extends Correction {
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
}

/** The facts to append. Any list may be empty. */
export interface LogInput {
  contributions: readonly Recordable[]
  /** User facts carried by contributions and amendments, including ignored ones. */
  contributors: readonly UserFacts[]
  /** Titles and addresses carried by contributions. */
  labels: readonly ContentLabel[]
  corrections: readonly RecordableCorrection[]
  amendments: readonly RecordableAmendment[]
  deletions: readonly Deletion[]
  users: readonly UserFacts[]
  declarations: readonly CoverageDeclaration[]
}

/** The outcome: a verdict for each contribution, and for every other fact whether it was new, in the order of the input. */
export interface Appended {
  /** The log position at which the whole input is visible. */
  position: number
  contributions: Verdict[]
  corrections: boolean[]
  amendments: boolean[]
  deletions: boolean[]
  users: boolean[]
  declarations: boolean[]
}

export const nothing: LogInput = {
  contributions: [],
  contributors: [],
  labels: [],
  corrections: [],
  amendments: [],
  deletions: [],
  users: [],
  declarations: [],
}

const parts = Object.keys(nothing) as (keyof LogInput)[]

/** Concatenates inputs, list by list, in order. */
export const joinInputs = (inputs: readonly LogInput[]): LogInput =>
  Object.fromEntries(
    parts.map((part) => [part, inputs.flatMap((input): readonly unknown[] => input[part])]),
  ) as unknown as LogInput

/** The inverse of `joinInputs`: the outcome of each input, all with the same position. */
export const splitAppended = (appended: Appended, inputs: readonly LogInput[]): Appended[] => {
  const contributions = appended.contributions.values()
  const corrections = appended.corrections.values()
  const amendments = appended.amendments.values()
  const deletions = appended.deletions.values()
  const users = appended.users.values()
  const declarations = appended.declarations.values()
  return inputs.map((input) => ({
    position: appended.position,
    contributions: contributions.take(input.contributions.length).toArray(),
    corrections: corrections.take(input.corrections.length).toArray(),
    amendments: amendments.take(input.amendments.length).toArray(),
    deletions: deletions.take(input.deletions.length).toArray(),
    users: users.take(input.users.length).toArray(),
    declarations: declarations.take(input.declarations.length).toArray(),
  }))
}

type CorrectionRow = [string, string, string, Instant, number, string | null, Instant | null]

const toCorrectionRow = ({
  content,
  type,
  at,
  retracted,
  reason,
  recordedAt,
}: RecordableCorrection): CorrectionRow => [
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
const insertCorrections = `INSERT INTO corrections (content_id, content_type, type, at, retracted, reason, recorded_at)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, coalesce(value->>6, ?2) FROM json_each(?1) ORDER BY key
  RETURNING content_id, content_type, type, at, retracted`

/**
 * Appends corrections, and reports whether each was new. Rows written: 1 for a new correction, plus 4 for each entry
 * that it adds; 0 for a known one.
 */
export const appendCorrections = (
  db: D1Database,
  corrections: readonly RecordableCorrection[],
  now: Instant,
): Query<boolean[]> => {
  if (corrections.length === 0) return { statements: [], read: () => [] }
  const rows = corrections.map(toCorrectionRow)
  return {
    statements: [db.prepare(insertCorrections).bind(JSON.stringify(rows), now)],
    read: ([result]) => {
      const added = new Set(
        rowsOf<Record<string, unknown>>(result).map((row) =>
          keyOf([row['content_id'], row['content_type'], row['type'], row['at'], row['retracted']]),
        ),
      )
      // Set.delete returns true once per key, so of repeated corrections in a batch only the first counts as new.
      return rows.map((row) => added.delete(keyOf(row)))
    },
  }
}

// The latest declaration wins. Between declarations of the same instant, a complete history wins, then the longer one.
const declare = `INSERT INTO coverage (type, declared_at, complete, since) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (type) DO UPDATE SET declared_at = ?2, complete = ?3, since = ?4
  WHERE declared_at IS NULL OR declared_at < ?2
    OR (declared_at = ?2 AND (complete < ?3 OR (complete = ?3 AND ?4 IS NOT NULL AND (since IS NULL OR since > ?4))))`

type Declared = Omit<CoverageDeclaration, 'type'>

/** Whether `said` replaces `known`, by the same rule as the statement above. */
const outranks = (said: Declared, known: Declared | undefined): boolean => {
  if (known === undefined || said.at !== known.at) return known === undefined || said.at > known.at
  if (said.complete !== known.complete) return said.complete
  return !said.complete && said.since !== null && (known.since === null || said.since < known.since)
}

/**
 * Stores the latest declaration of each type. Reports for each declaration whether it changed anything, applied in
 * order.
 */
export const declareCoverage = (
  db: D1Database,
  declarations: readonly CoverageDeclaration[],
): Query<boolean[]> => {
  if (declarations.length === 0) return { statements: [], read: () => [] }
  const latest = new Map<ContributionType, CoverageDeclaration>()
  for (const said of declarations) if (outranks(said, latest.get(said.type))) latest.set(said.type, said)
  return {
    statements: [
      db.prepare('SELECT * FROM coverage WHERE declared_at IS NOT NULL'),
      ...[...latest.values()].map(({ type, at, complete, since }) =>
        db.prepare(declare).bind(type, at, complete ? 1 : 0, complete ? null : since),
      ),
    ],
    read: ([before]) => {
      const rows = rowsOf<CoverageRow>(before)
      const known = new Map<string, Declared>(
        rows.map((row) => [
          row.type,
          { at: row.declared_at ?? 0, complete: row.complete === 1, since: row.since },
        ]),
      )
      return declarations.map((said) => {
        if (!outranks(said, known.get(said.type))) return false
        known.set(said.type, said)
        return true
      })
    },
  }
}

/**
 * Appends to the log, for the webhook and for a backfill, in one D1 batch, which is one transaction. Idempotent: known
 * facts write nothing. Throws LogUnavailable if D1 cannot answer; then either the whole input was written or nothing.
 */
export const append = async (
  db: D1Database,
  logInput: LogInput,
  source: Source,
  now: Instant,
): Promise<Appended> => {
  const [contributions, corrections, amendments, deletions, , , users, declarations, position] =
    await runBatch(
      db,
      appendContributions(db, logInput.contributions, source, now),
      appendCorrections(db, logInput.corrections, now),
      appendAmendments(db, logInput.amendments, now),
      appendDeletions(db, logInput.deletions),
      appendLabels(db, logInput.labels),
      appendUsers(db, logInput.contributors),
      appendUserUpdates(db, logInput.users),
      declareCoverage(db, logInput.declarations),
      readPosition(db),
    )
  return { position, contributions, corrections, amendments, deletions, users, declarations }
}
