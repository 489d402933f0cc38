import { append, type Appended } from '../../log/append.ts'
import { CommandFailure } from '../command.ts'
import { patiently } from '../platform/patience.ts'
import { startProgress } from '../console/progress.ts'
import { batchesOf, type Batch } from './batches.ts'
import { Conflicts } from './conflicts.ts'
import type { Backfill, Plan } from './plan.ts'
import { sourcesOf } from './sources.ts'

/** What became of a file's items. */
export interface Written {
  recorded: number
  duplicate: number
  ignored: number
  /** Items of other messages that said something new, and those that did not. */
  applied: number
  unchanged: number
  conflicts: Conflicts
  /** It was stopped before the end of the file. */
  stopped: boolean
}

const countAppended = (written: Written, batch: Batch, appended: Appended): void => {
  for (const [index, contribution] of batch.appendage.contributions.entries()) {
    const verdict = appended.contributions[index]
    if (verdict === undefined) throw new Error('The log gave no verdict on a contribution')
    if (verdict.status === 'conflict') {
      written.conflicts.add(batch.lines[index] ?? 0, contribution, verdict.position)
    } else written[verdict.status] += 1
  }
  for (const isNew of [...appended.corrections, ...appended.users, ...appended.declarations]) {
    written[isNew ? 'applied' : 'unchanged'] += 1
  }
  written.ignored += batch.ignored.length + batch.deletions
}

/** Leaves out what declares a type whole of which invalid lines are left out. */
const withholdDeclarations = (batch: Batch, { leftOut }: Plan): Batch => {
  const { declarations } = batch.appendage
  const kept = declarations.filter(({ type, complete }) => !complete || !leftOut.has(type))
  return { ...batch, appendage: { ...batch.appendage, declarations: kept } }
}

const doneOf = ({ recorded, duplicate, ignored, applied, unchanged, conflicts }: Written): number =>
  recorded + duplicate + ignored + applied + unchanged + conflicts.count

/** What a line that was valid a moment ago means now. */
const changedMeanwhile = {
  add: async (): Promise<void> => {
    throw new CommandFailure('Cannot go on: the file changed while it was read. Run again when it is whole')
  },
}

const passOver = { add: async (): Promise<void> => undefined }

/**
 * The second pass: appends every valid line through the webhook's own append, batch after batch, each one
 * transaction. Stopped or killed between any two of them, a second run writes what is missing.
 */
export const write = async (backfill: Backfill, plan: Plan): Promise<Written> => {
  const { db, input, systemUsers, now, stop } = backfill
  const written: Written = {
    recorded: 0,
    duplicate: 0,
    ignored: 0,
    applied: 0,
    unchanged: 0,
    conflicts: new Conflicts(),
    stopped: false,
  }
  const total = plan.contributions.total + plan.others
  const progress = startProgress('Writing', total)
  const sources = sourcesOf(input, now, plan.invalid === 0 ? changedMeanwhile : passOver)
  const appendBatch = async (whole: Batch): Promise<void> => {
    const batch = withholdDeclarations(whole, plan)
    // The clock is read here, once a transaction: when each was recorded, not when the command was started.
    const appended = await patiently(async () => await append(db, batch.appendage, 'backfill', Date.now()))
    countAppended(written, batch, appended)
    written.ignored += whole.appendage.declarations.length - batch.appendage.declarations.length
    progress.advance(doneOf(written), doneOf(written))
  }
  try {
    // One transaction at a time, so that the first of an identity is the first in the file; the next batch is
    // read meanwhile.
    let appending = Promise.resolve()
    for await (const batch of batchesOf(sources, systemUsers)) {
      await appending
      if (stop.aborted) return { ...written, stopped: true }
      appending = appendBatch(batch)
      appending.catch(() => undefined) // awaited above or below; until then it is nobody's
    }
    await appending
    return written
  } finally {
    progress.end()
  }
}
