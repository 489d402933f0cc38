import { realpath } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { configured } from '../configuration.ts'
import { contributionTypes, type ContributionType } from '../contributions/contribution.ts'
import { declareComplete } from './backfill/declareComplete.ts'
import { makePlan, type Backfill, type Plan } from './backfill/plan.ts'
import { describePlan, describeWritten } from './backfill/report.ts'
import { write } from './backfill/write.ts'
import { CommandFailure, runCommand } from './command.ts'
import { openDatabase, type Database, type DatabaseOptions } from './platform/database.ts'
import { openInput } from './lines/input.ts'
import { onInterrupt } from './console/interrupt.ts'
import { persistToOption, remoteOption } from './platform/location.ts'
import { ensureMigrated } from './platform/migrated.ts'

interface Options extends DatabaseOptions {
  dryRun: boolean
  skipInvalid: boolean
  errors?: string
  complete: ContributionType[]
}

const parseTypes = (text: string): ContributionType[] =>
  text.split(',').map((name) => {
    const type = contributionTypes.find((each) => each === name.trim())
    if (type === undefined) throw new InvalidArgumentError(`Use some of ${contributionTypes.join(',')}.`)
    return type
  })

const refuseInputAsErrors = async (file: string, errors: string | undefined): Promise<void> => {
  if (file === '-' || errors === undefined) return
  const [input, output] = await Promise.allSettled([realpath(file), realpath(errors)])
  if (input.status === 'fulfilled' && output.status === 'fulfilled' && input.value === output.value) {
    throw new InvalidArgumentError(`Cannot write --errors over the file itself: name another than ${errors}`)
  }
}

const refuseInvalid = ({ invalid }: Plan, { skipInvalid }: Options): void => {
  if (invalid === 0 || skipInvalid) return
  throw new CommandFailure(
    `Cannot take the file: ${invalid} of its lines are not valid, and nothing was recorded. Mend them, or leave them out with --skip-invalid`,
  )
}

const run = async (database: Database, backfill: Backfill, options: Options): Promise<void> => {
  const plan = await makePlan(backfill, options.errors)
  console.log(describePlan(plan))
  refuseInvalid(plan, options)
  if (options.dryRun) return console.log('Nothing was written: this was a dry run')
  const startedAt = performance.now()
  const written = await write(backfill, plan)
  const seconds = (performance.now() - startedAt) / 1000
  if (!written.stopped) await declareComplete(backfill.db, options.complete)
  console.log(describeWritten(written, seconds, database.rowsWritten()))
  if (written.stopped) {
    throw new CommandFailure(
      'Stopped before the end: run the same command again, and it writes only what is missing',
    )
  }
}

const start = async (file: string, options: Options): Promise<void> => {
  await refuseInputAsErrors(file, options.errors)
  const stop = onInterrupt()
  const input = await openInput(file)
  try {
    const database = await openDatabase(options)
    try {
      const systemUsers = configured({ SYSTEM_USER_IDS: database.systemUserIds }, 'SYSTEM_USER_IDS')
      await ensureMigrated(database.db, options)
      await run(database, { db: database.db, input, systemUsers, now: Date.now(), stop }, options)
    } finally {
      await database.close()
    }
  } finally {
    await input.remove()
  }
}

await runCommand(
  new Command('npm run backfill --')
    .description(
      'Records the contributions and messages of a file, by the same rules and into the same log as the webhook.',
    )
    .argument(
      '<file>',
      'NDJSON, plain or gzip, "-" for standard input; a line is a Contribution or a message',
    )
    .option('--dry-run', 'check every line, show the plan, write nothing', false)
    .option('--skip-invalid', 'leave bad lines out; without it one bad line refuses the file', false)
    .option('--errors <file>', 'write the bad lines there, with reasons: NDJSON { line, errors, text }')
    .option('--complete <types>', 'then declare these types whole, separated by commas', parseTypes, [])
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
The file is read twice: first every line is checked and compared with the log, then it is written. A contribution
that the file repeats counts as a duplicate or conflict in the plan, too. Memory does not grow with the file: what
the first pass has to remember goes to temporary files, 32 bytes a contribution.
Ctrl-C stops between two transactions. A second run writes only what is missing. It may run beside the Worker.
Exit codes: 0 done, 1 failed or stopped, 2 misused.`,
    )
    .action(start),
)
