import type { ContributionType } from '../../definitions/definitions.ts'
import { append } from '../../log/append.ts'
import { nothing, type Appended } from '../../log/logInput.ts'
import { readCoverage } from '../../log/coverage.ts'
import { runBatch } from '../../log/database.ts'
import { CommandFailure } from '../command.ts'
import { startProgress } from '../console/progress.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import { batchesOf, readSources, type Batch, type Source } from './batches.ts'
import { atPosition, Conflicts } from './outcomes.ts'
import { readPositionNow, type Backfill, type Plan } from './plan.ts'

const readCoverageNow = async (db: D1Database) => {
  const [coverage] = await retryWhileUnavailable(async () => await runBatch(db, readCoverage(db)))
  return coverage
}

const partAdvice = 'No batch was written in part: run the same command again'

/**
 * Declares types complete as of now. Writes nothing for types that already are. Returns the types that are still
 * incomplete, because a declaration with a later date says so: a sender's clock may be up to 5 minutes ahead.
 */
export const declareComplete = async (
  db: D1Database,
  types: readonly ContributionType[],
): Promise<ContributionType[]> => {
  const before = await readCoverageNow(db)
  const at = Date.now()
  const declarations = types
    .filter((type) => before[type]?.complete !== true)
    .map((type) => ({ type, complete: true, since: null, at }))
  if (declarations.length === 0) return []
  await retryWhileUnavailable(async () => await append(db, { ...nothing, declarations }, 'backfill', at))
  const after = await readCoverageNow(db)
  return types.filter((type) => after[type]?.complete !== true)
}

/** The outcomes of a file's items. */
export interface Written {
  recorded: number
  duplicate: number
  ignored: number
  /** Items of other messages that changed something, and those that did not. */
  applied: number
  unchanged: number
  conflicts: Conflicts
  seconds: number
  /** Whether the backfill was stopped before the end of the file. */
  stopped: boolean
}

/**
 * Counts what a batch did. Known contributions after position `before` were recorded since the last batch: if an answer
 * was lost and the batch repeated, by its first attempt. So the first of each counts as recorded.
 */
const countAppended = (written: Written, batch: Batch, appended: Appended, before: number): void => {
  const counted = new Set<number>()
  for (const [index, contribution] of batch.logInput.contributions.entries()) {
    const verdict = appended.contributions[index]
    if (verdict === undefined) throw new Error('The log gave no verdict on a contribution')
    const { status, position } = verdict
    if (status === 'conflict')
      written.conflicts.add(batch.lines[index] ?? 0, contribution, atPosition(position))
    else written[position > before && !counted.has(position) ? 'recorded' : 'duplicate'] += 1
    counted.add(position)
  }
  const { corrections, amendments, deletions, users, declarations } = appended
  for (const isNew of [...corrections, ...amendments, ...deletions, ...users, ...declarations]) {
    written[isNew ? 'applied' : 'unchanged'] += 1
  }
  written.ignored += batch.ignored.length + batch.ignoredAmendments
}

/** Removes the declarations of types that are incomplete without the invalid lines. */
const withoutIncomplete = (batch: Batch, { invalidByType }: Plan): Batch => {
  const { declarations } = batch.logInput
  const allowed = declarations.filter(({ type, complete }) => !complete || !invalidByType.has(type))
  return { ...batch, logInput: { ...batch.logInput, declarations: allowed } }
}

const doneOf = ({ recorded, duplicate, ignored, applied, unchanged, conflicts }: Written): number =>
  recorded + duplicate + ignored + applied + unchanged + conflicts.count

/** The valid messages of the file. Throws a CommandFailure if they, or the invalid lines, are not as many as planned. */
const readPlanned = async function* (
  { input, now }: Backfill,
  { contributions, others, invalid }: Plan,
): AsyncGenerator<Source[]> {
  const fileChanged = new CommandFailure(
    'Cannot continue: the file changed during the backfill. Run again once it is complete',
  )
  let missing = contributions.total + others
  let missingInvalid = invalid
  const countInvalid = async (): Promise<void> => {
    if (missingInvalid === 0) throw fileChanged
    missingInvalid -= 1
  }
  for await (const sources of readSources(input, now, { add: countInvalid })) {
    for (const { message } of sources) missing -= message.items.length
    if (missing < 0) throw fileChanged
    yield sources
  }
  if (missing > 0 || missingInvalid > 0) throw fileChanged
}

/**
 * The second pass: appends every valid line as the webhook does, one transaction per batch. If it is stopped or killed
 * between transactions, another run writes what is missing. Throws a CommandFailure if the file has changed since the
 * first pass, before its last transaction.
 */
export const write = async (backfill: Backfill, plan: Plan): Promise<Written> => {
  const { db, systemUsers, stop } = backfill
  let position = await readPositionNow(db)
  const startedAt = performance.now()
  const written: Written = {
    recorded: 0,
    duplicate: 0,
    ignored: 0,
    applied: 0,
    unchanged: 0,
    conflicts: new Conflicts(),
    seconds: 0,
    stopped: false,
  }
  const total = plan.contributions.total + plan.others
  const progress = startProgress('Writing', total)
  const appendBatch = async (whole: Batch): Promise<void> => {
    const batch = withoutIncomplete(whole, plan)
    // Reads the clock for each transaction: an event is dated when it was recorded, not when the command was started.
    const appended = await retryWhileUnavailable(
      async () => await append(db, batch.logInput, 'backfill', Date.now()),
      partAdvice,
    )
    countAppended(written, batch, appended, position)
    position = appended.position
    written.ignored += whole.logInput.declarations.length - batch.logInput.declarations.length
    progress.advance(doneOf(written), doneOf(written))
  }
  let appending = Promise.resolve()
  try {
    // One transaction at a time, so that of two contributions with the same identity the first in the file is recorded.
    // The next batch is read in the meantime.
    for await (const batch of batchesOf(readPlanned(backfill, plan), systemUsers)) {
      await appending
      if (stop.aborted) {
        written.stopped = true
        return written
      }
      appending = appendBatch(batch)
      appending.catch(() => undefined) // The next iteration awaits it; until then, Node would report a rejection as unhandled.
    }
    await appending
    return written
  } finally {
    // After a failure, the database must not be closed during a transaction: its answer would be waited for.
    await appending.catch(() => undefined)
    written.seconds = (performance.now() - startedAt) / 1000
    progress.end()
  }
}
