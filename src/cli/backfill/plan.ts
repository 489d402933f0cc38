import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { BodyIssue } from '../../failure.ts'
import { compareContributions } from '../../log/contributions.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { startProgress, type Progress } from '../console/progress.ts'
import type { Input, Line } from '../lines/input.ts'
import { InvalidLines } from '../lines/invalidLines.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import { batchesOf, readSources, type Batch } from './batches.ts'
import { IgnoredFields } from './ignoredFields.ts'
import { atPosition, Conflicts, Tally } from './outcomes.ts'
import { typesAffectedBy } from './parseLine.ts'
import { Repeats } from './repeats.ts'

/** What a file contains, and what writing it would do. */
export interface Plan {
  contributions: Tally
  /** Items of messages other than `contribution.created`. */
  others: number
  /** The number of invalid lines. */
  invalid: number
  /** By type, the number of invalid lines that are or may be about it. Without them, its history may be incomplete. */
  invalidByType: Map<ContributionType, number>
  /** The types that the file itself declares complete. */
  declared: Set<ContributionType>
  conflicts: Conflicts
  ignoredFields: IgnoredFields
}

/** The arguments of the first pass. */
export interface PlanInput {
  /** undefined if there is no database yet. */
  db: D1Database | undefined
  input: Input
  systemUsers: ReadonlySet<number>
  /** The present, for validating timestamps. Both passes use the same instant. */
  now: Instant
  stop: AbortSignal
}

/** The arguments of the second pass. */
export interface Backfill extends PlanInput {
  db: D1Database
}

const countOthers = ({ logInput, ignoredAmendments }: Batch): number => {
  const { corrections, amendments, deletions, users, declarations } = logInput
  const parts = [corrections, amendments, deletions, users, declarations]
  return parts.reduce((sum, part) => sum + part.length, ignoredAmendments)
}

/**
 * Compares a batch with the log, and counts it. `log` is undefined for an empty log, with which nothing needs to be
 * compared.
 */
const compare = async (
  log: D1Database | undefined,
  batch: Batch,
  plan: Plan,
  repeats: Repeats,
): Promise<void> => {
  const { contributions } = batch.logInput
  const [verdicts] = log
    ? await retryWhileUnavailable(async () => await runBatch(log, compareContributions(log, contributions)))
    : [[]]
  for (const [index, contribution] of contributions.entries()) {
    const line = batch.lines[index] ?? 0
    const verdict = verdicts[index]
    if (verdict === undefined) repeats.add(contribution, line)
    plan.contributions.add(contribution, verdict?.status ?? 'new')
    if (verdict?.status === 'conflict') plan.conflicts.add(line, contribution, atPosition(verdict.position))
  }
  for (const contribution of batch.ignored) plan.contributions.add(contribution, 'ignored')
  for (const { type, complete } of batch.logInput.declarations) if (complete) plan.declared.add(type)
  plan.others += countOthers(batch)
}

const countRepeats = (plan: Plan, repeats: Repeats): void => {
  for (const { contribution, line, firstLine, same } of repeats.find()) {
    plan.contributions.add(contribution, 'new', -1)
    plan.contributions.add(contribution, same ? 'duplicate' : 'conflict')
    const first = firstLine === line ? 'an earlier item of the same line' : `line ${firstLine}`
    if (!same) plan.conflicts.add(line, contribution, first)
  }
}

/** Counts the types that an invalid line affects, then reports the line. */
const countAffectedTypes = (plan: Plan, invalid: InvalidLines): Pick<InvalidLines, 'add'> => ({
  add: async (line: Line, issues: readonly BodyIssue[]): Promise<void> => {
    for (const type of typesAffectedBy(line))
      plan.invalidByType.set(type, (plan.invalidByType.get(type) ?? 0) + 1)
    await invalid.add(line, issues)
  },
})

/** The types that are to be declared complete, by the file or the caller, although invalid lines may be about them. */
export const incompleteTypes = (
  { invalidByType, declared }: Plan,
  requested: readonly ContributionType[] = [],
): ContributionType[] =>
  contributionTypes.filter(
    (type) => invalidByType.has(type) && (declared.has(type) || requested.includes(type)),
  )

/** The position of the last event; 0 for an empty log. */
export const readPositionNow = async (db: D1Database): Promise<number> => {
  const [position] = await retryWhileUnavailable(async () => await runBatch(db, readPosition(db)))
  return position
}

/** Validates every line, and compares the valid ones with the log and with one another. */
const checkLines = async (
  { db, input, systemUsers, now, stop }: PlanInput,
  invalid: InvalidLines,
  repeats: Repeats,
  progress: Progress,
): Promise<Plan> => {
  const plan: Plan = {
    contributions: new Tally(),
    others: 0,
    invalid: 0,
    invalidByType: new Map(),
    declared: new Set(),
    conflicts: new Conflicts(),
    ignoredFields: new IgnoredFields(),
  }
  let comparing = Promise.resolve()
  try {
    // An empty log has nothing to compare with.
    const log = db && (await readPositionNow(db)) > 0 ? db : undefined
    let read = 0
    const onBytes = (bytes: number): void => void (read = bytes)
    const onInvalid = countAffectedTypes(plan, invalid)
    const sources = readSources(input, now, onInvalid, onBytes, plan.ignoredFields)
    for await (const batch of batchesOf(sources, systemUsers)) {
      stop.throwIfAborted()
      await comparing
      comparing = compare(log, batch, plan, repeats)
      comparing.catch(() => undefined) // The next iteration awaits it; until then, Node would report a rejection as unhandled.
      progress.advance(read, plan.contributions.total + plan.others)
    }
    await comparing
    countRepeats(plan, repeats)
    return { ...plan, invalid: invalid.count }
  } finally {
    // After a failure, the database must not be closed during a batch: its answer would be waited for.
    await comparing.catch(() => undefined)
  }
}

/**
 * The first pass: validates every line, reports the invalid ones, and compares the others with the log. Writes nothing
 * to the log. If the log is empty at first, what is recorded meanwhile counts as new in the plan.
 */
export const makePlan = async (planInput: PlanInput, errorsFile: string | undefined): Promise<Plan> => {
  const { input } = planInput
  const repeats = new Repeats()
  const progress = startProgress('Checking', input.bytes)
  try {
    const invalid = await InvalidLines.open(errorsFile, input, progress.say)
    try {
      return await checkLines(planInput, invalid, repeats, progress)
    } finally {
      await invalid.close()
    }
  } finally {
    progress.end()
    repeats.close()
  }
}
