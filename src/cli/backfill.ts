import { Command, InvalidArgumentError } from 'commander'
import { configured } from '../configuration.ts'
import { contributionTypes, type ContributionType } from '../contributions/contribution.ts'
import { declareComplete } from './backfill/declareComplete.ts'
import { makePlan, notWhole, type Backfill, type Plan } from './backfill/plan.ts'
import { describeNotWhole, describePlan, describeWritten } from './backfill/report.ts'
import { write } from './backfill/write.ts'
import { CommandFailure, runCommand } from './command.ts'
import { openDatabase, type Database, type DatabaseOptions } from './platform/database.ts'
import { openInput } from './lines/input.ts'
import { onInterrupt } from './console/interrupt.ts'
import { counted } from './console/counted.ts'
import { print } from './console/print.ts'
import { hasDatabase } from './platform/localDatabase.ts'
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

const refuseInvalid = ({ invalid }: Plan, { skipInvalid }: Options): void => {
  if (invalid === 0 || skipInvalid) return
  throw new CommandFailure(
    `Cannot take the file: it has ${counted(invalid, 'invalid line')}, and nothing was recorded. Fix ${invalid === 1 ? 'it' : 'them'}, or leave ${invalid === 1 ? 'it' : 'them'} out with --skip-invalid`,
  )
}

/** Fails when a type that was to be declared whole was not. */
const refuseNotWhole = (plan: Plan, types: readonly ContributionType[]): void => {
  if (types.length > 0) throw new CommandFailure(describeNotWhole(plan, types))
}

const run = async (database: Database, backfill: Backfill, options: Options): Promise<void> => {
  const plan = await makePlan(backfill, options.errors)
  await print(describePlan(plan))
  refuseInvalid(plan, options)
  const incomplete = notWhole(plan, options.complete)
  if (options.dryRun) {
    await print('Nothing was written: this was a dry run')
    return refuseNotWhole(plan, incomplete)
  }
  const startedAt = performance.now()
  const written = await write(backfill, plan)
  const seconds = (performance.now() - startedAt) / 1000
  const complete = options.complete.filter((type) => !incomplete.includes(type))
  if (!written.stopped) await declareComplete(backfill.db, complete)
  await print(describeWritten(written, seconds, database.rowsWritten()))
  if (written.stopped) {
    throw new CommandFailure(
      'Stopped before the end: run the same command again, and it writes only what is missing',
    )
  }
  refuseNotWhole(plan, incomplete)
}

const sayIfNew = async (options: Options): Promise<void> => {
  if (await hasDatabase(options)) return
  console.error(
    `There is no database in ${options.persistTo}: making a new one. If you meant another, remove it and correct --persist-to`,
  )
}

const start = async (file: string, options: Options): Promise<void> => {
  const stop = onInterrupt()
  const input = await openInput(file)
  try {
    await sayIfNew(options)
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
    .option(
      '--errors <file>',
      'write the bad lines there, with reasons: NDJSON { line, errors, text }, and base64 when a line is not UTF-8',
    )
    .option(
      '--complete <types>',
      'then declare these types whole, separated by commas; not one of which --skip-invalid leaves lines out',
      parseTypes,
      [],
    )
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
The file is read twice: first every line is checked and compared with the log, then it is written. A contribution
that the file repeats counts as a duplicate or conflict in the plan, too. Memory does not grow with the file: what
the first pass has to remember goes to temporary files, 32 bytes a contribution.
Ctrl-C stops between two transactions. A second run writes only what is missing. It may run beside the Worker.
A line of an export says when it was recorded (recorded_at, beside type): it is recorded again with that date, whoever
SYSTEM_USER_IDS lists now. The webhook ignores that field.
A file without a line, in UTF-16, or of JSON that is not one object a line is refused. The bad lines of --errors can be
read again once they are fixed: jq -r 'select(.text).text' FILE. "text" is null when a line is not UTF-8 ("base64" has its
bytes) or is longer than 1 MiB. --errors replaces only a file that an earlier run wrote.
With --skip-invalid, a type is not declared whole, by --complete or by the file, when lines that are or may be of that
type are left out: the rest is recorded, the command says which type and ends with 1.
Exit codes: 0 done, 1 failed, stopped, or a type not declared whole, 2 misused.`,
    )
    .action(start),
)
