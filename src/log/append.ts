import type { CoverageDeclaration } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { UserFacts } from '../contributions/user.ts'
import { appendContributions, type Recordable, type Source, type Verdict } from './contributions.ts'
import { appendCorrections, type RecordableCorrection } from './corrections.ts'
import { declareCoverage } from './coverage.ts'
import { runBatch, readPosition } from './database.ts'
import { appendUsers, appendUserUpdates } from './users.ts'

/** What to append. Every part may be empty. */
export interface LogInput {
  contributions: readonly Recordable[]
  /** What contributions say about their users, including those of ignored contributions. */
  contributors: readonly UserFacts[]
  corrections: readonly RecordableCorrection[]
  users: readonly UserFacts[]
  declarations: readonly CoverageDeclaration[]
}

/** A verdict for each contribution, and for everything else whether it was new, in the order of the input. */
export interface Appended {
  /** The position of the log at which all of it is visible. */
  position: number
  contributions: Verdict[]
  corrections: boolean[]
  users: boolean[]
  declarations: boolean[]
}

export const nothing: LogInput = {
  contributions: [],
  contributors: [],
  corrections: [],
  users: [],
  declarations: [],
}

/**
 * Appends to the log, for the webhook and for a backfill: one D1 batch and one transaction, of any size. May be called
 * again with the same input: what is already known writes nothing. Throws LogUnavailable if D1 cannot answer; then all
 * of the input was written, or none.
 */
export const append = async (
  db: D1Database,
  logInput: LogInput,
  source: Source,
  now: Instant,
): Promise<Appended> => {
  const [contributions, corrections, , users, declarations, position] = await runBatch(
    db,
    appendContributions(db, logInput.contributions, source, now),
    appendCorrections(db, logInput.corrections, now),
    appendUsers(db, logInput.contributors),
    appendUserUpdates(db, logInput.users),
    declareCoverage(db, logInput.declarations),
    readPosition(db),
  )
  return { position, contributions, corrections, users, declarations }
}
