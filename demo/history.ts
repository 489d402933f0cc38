import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePlan, type Backfill } from '../src/cli/backfill/plan.ts'
import { describePlan, describeWritten } from '../src/cli/backfill/report.ts'
import { write } from '../src/cli/backfill/write.ts'
import { CommandFailure } from '../src/cli/command.ts'
import { openInput } from '../src/cli/lines/input.ts'
import type { Database } from '../src/cli/platform/database.ts'
import { configured } from '../src/configuration.ts'
import type { SentMessage } from './community/message.ts'

/** Writes messages to a temporary file and passes it on as the input of a backfill. */
const withFile = async <Value>(
  { db, systemUserIds }: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
  use: (backfill: Backfill) => Promise<Value>,
): Promise<Value> => {
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

/** Describes what backfilling messages would do. Writes nothing. */
export const planHistory = async (
  database: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<string> =>
  await withFile(database, messages, stop, async (backfill) =>
    describePlan(await makePlan(backfill, undefined)),
  )

/**
 * Records messages as `npm run backfill` does, and describes the result. Throws a CommandFailure when it is stopped or a
 * message is invalid.
 */
export const backfillHistory = async (
  database: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<string> =>
  await withFile(database, messages, stop, async (backfill) => {
    const plan = await makePlan(backfill, undefined)
    if (plan.invalid > 0)
      throw new CommandFailure("The community's history is invalid: is the clock of this machine right?")
    const written = await write(backfill, plan)
    if (written.stopped) throw new CommandFailure('Stopped before the end: run the same command again')
    return describeWritten(written, database.rowsWritten())
  })
