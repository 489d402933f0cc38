import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePlan } from '../src/cli/backfill/plan.ts'
import { describePlan, describeWritten } from '../src/cli/backfill/report.ts'
import { write } from '../src/cli/backfill/write.ts'
import { CommandFailure } from '../src/cli/command.ts'
import { openInput } from '../src/cli/lines/input.ts'
import type { Database } from '../src/cli/platform/database.ts'
import { configured } from '../src/configuration.ts'
import type { SentMessage } from './community/message.ts'

/**
 * Records messages as `npm run backfill` does, through a temporary file, and describes the result; in a dry run, only
 * describes the plan. Throws a CommandFailure when it is stopped or a message is invalid.
 */
export const backfillHistory = async (
  { db, systemUserIds, rowsWritten }: Database,
  messages: readonly SentMessage[],
  stop: AbortSignal,
  { dryRun }: { dryRun: boolean },
): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-demo-'))
  try {
    const file = join(directory, 'history.ndjson')
    await writeFile(file, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    const systemUsers = configured({ SYSTEM_USER_IDS: systemUserIds }, 'SYSTEM_USER_IDS')
    const backfill = { db, input: await openInput(file), systemUsers, now: Date.now(), stop }
    const plan = await makePlan(backfill, undefined)
    if (dryRun) return describePlan(plan)
    if (plan.invalid > 0)
      throw new CommandFailure("The community's history is invalid: is the clock of this machine right?")
    const written = await write(backfill, plan)
    if (written.stopped) throw new CommandFailure('Stopped before the end: run the same command again')
    return describeWritten(written, rowsWritten())
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
