import type { ContentLabel, CoverageDeclaration, Deletion } from '../contributions/contribution.ts'
import type { UserFacts } from '../contributions/user.ts'
import type { Recordable, Verdict } from './contributions.ts'
import type { RecordableAmendment, RecordableCorrection } from './corrections.ts'

/*
 * The input and the outcome of `append.ts`. Separate from it, so that a module that only makes an input,
 * as for `npm run send`, does not load the queries.
 */

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

/** An input without facts. */
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
