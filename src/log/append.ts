import type { CoverageDeclaration } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { UserFacts } from '../contributions/user.ts'
import { appendContributions, type Recordable, type Source, type Verdict } from './contributions.ts'
import { appendCorrections, type RecordableCorrection } from './corrections.ts'
import { declareCoverage } from './coverage.ts'
import { ask, readPosition } from './database.ts'
import { appendUsers, appendUserUpdates } from './users.ts'

/** What one call appends. Every part may be empty. */
export interface Appendage {
  contributions: readonly Recordable[]
  /** What contributions say of their users, the ignored ones' too. */
  contributors: readonly UserFacts[]
  corrections: readonly RecordableCorrection[]
  users: readonly UserFacts[]
  declarations: readonly CoverageDeclaration[]
}

/** One answer for each thing appended, in the same order: a verdict, or whether it was new. */
export interface Appended {
  /** The log position at which all of it is visible. */
  position: number
  contributions: Verdict[]
  corrections: boolean[]
  users: boolean[]
  declarations: boolean[]
}

export const nothing: Appendage = {
  contributions: [],
  contributors: [],
  corrections: [],
  users: [],
  declarations: [],
}

/**
 * The one way into the log, for the webhook and the backfill alike: one D1 batch, one round trip, one
 * transaction whatever the size. May be called again with the same input: what is known writes nothing.
 * Throws LogUnavailable when D1 cannot answer; then all of it was written, or nothing.
 */
export const append = async (
  db: D1Database,
  appendage: Appendage,
  source: Source,
  now: Instant,
): Promise<Appended> => {
  const [contributions, corrections, , users, declarations, position] = await ask(
    db,
    appendContributions(db, appendage.contributions, source, now),
    appendCorrections(db, appendage.corrections, now),
    appendUsers(db, appendage.contributors),
    appendUserUpdates(db, appendage.users),
    declareCoverage(db, appendage.declarations),
    readPosition(db),
  )
  return { position, contributions, corrections, users, declarations }
}
