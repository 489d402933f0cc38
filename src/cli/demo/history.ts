import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configured } from '../../configuration.ts'
import { makePlan, type Backfill } from '../backfill/plan.ts'
import { describePlan, describeWritten } from '../backfill/report.ts'
import { write } from '../backfill/write.ts'
import { CommandFailure } from '../command.ts'
import type { Database } from '../platform/database.ts'
import { openInput } from '../lines/input.ts'
import type { SentMessage } from './community/message.ts'

/** Hands messages to the backfill as a file of lines, which is gone afterwards. */
const withFile = async <Result>(
  { db, systemUserIds }: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
  use: (backfill: Backfill) => Promise<Result>,
): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-demo-'))
  try {
    const file = join(directory, 'history.ndjson')
    await writeFile(file, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    const input = await openInput(file)
    const systemUsers = configured({ SYSTEM_USER_IDS: systemUserIds }, 'SYSTEM_USER_IDS')
    return await use({ db, input, systemUsers, now: Date.now(), stop })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** What backfilling messages would do, to read. Writes nothing. */
export const planHistory = async (
  database: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<string> =>
  await withFile(database, messages, stop, async (backfill) =>
    describePlan(await makePlan(backfill, undefined)),
  )

/**
 * Records messages as `npm run backfill` does, and says what it did. Throws a CommandFailure when it is stopped or
 * cannot take a message.
 */
export const backfillHistory = async (
  database: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<string> =>
  await withFile(database, messages, stop, async (backfill) => {
    const plan = await makePlan(backfill, undefined)
    if (plan.invalid > 0) throw new CommandFailure("Cannot take the community's history: is the clock right?")
    const startedAt = performance.now()
    const written = await write(backfill, plan)
    if (written.stopped) throw new CommandFailure('Stopped before the end: run the same command again')
    const seconds = (performance.now() - startedAt) / 1000
    return describeWritten(written, seconds, database.rowsWritten())
  })
