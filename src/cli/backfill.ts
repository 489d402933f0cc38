import { Command, InvalidArgumentError } from 'commander'
import { CommandFailure, onInterrupt, runCommand } from './command.ts'
import { configured } from '../configuration.ts'
import { contributionTypes, type ContributionType } from '../definitions/definitions.ts'
import { incompleteTypes, makePlan, type Plan, type PlanInput } from './backfill/plan.ts'
import { describeContradicted, describeIncomplete, describePlan, describeWritten } from './backfill/report.ts'
import { declareComplete, write } from './backfill/write.ts'
import { counted } from './console/format.ts'
import { print } from './console/print.ts'
import { openInput, type Input } from './lines/input.ts'
import { openDatabase, type Database } from './platform/database.ts'
import {
  hasDatabase,
  persistToOption,
  remoteOption,
  type DatabaseOptions,
} from './platform/databaseOptions.ts'
import { readLocalConfiguration } from './platform/localConfiguration.ts'
import { ensureMigrated, requireMigrated } from './migrate.ts'

interface Options extends DatabaseOptions {
  dryRun?: boolean
  skipInvalid?: boolean
  errors?: string
  complete?: ContributionType[]
}

/** Parses a value of `--complete`. `previous` has the types of the earlier ones. */
const parseTypes = (text: string, previous: readonly ContributionType[] = []): ContributionType[] => [
  ...previous,
  ...text.split(',').map((name) => {
    const type = contributionTypes.find((each) => each === name.trim())
    if (type === undefined)
      throw new InvalidArgumentError(`Use one or more of ${contributionTypes.join(', ')}.`)
    return type
  }),
]

/** Throws a CommandFailure if there are invalid lines, unless they are to be left out. Warns if no others are left. */
const requireValid = ({ invalid, contributions, others }: Plan, { skipInvalid }: Options): void => {
  if (invalid === 0) return
  if (skipInvalid) {
    if (contributions.total + others === 0)
      console.error(
        'No line of the file is valid, so there is nothing to record: check the program that writes it',
      )
    return
  }
  const pronoun = invalid === 1 ? 'it' : 'them'
  throw new CommandFailure(
    `The file has ${counted(invalid, 'invalid line')}, so nothing was recorded. Fix ${pronoun}, or leave ${pronoun} out with --skip-invalid`,
  )
}

/** Throws a CommandFailure if there are types that could not be declared complete. */
const requireComplete = (plan: Plan, types: readonly ContributionType[]): void => {
  if (types.length > 0) throw new CommandFailure(describeIncomplete(plan, types))
}

/** Writes what was planned, and declares the requested types complete. */
const writePlanned = async (
  { db, rowsWritten }: Database,
  planInput: PlanInput,
  plan: Plan,
  requested: readonly ContributionType[],
): Promise<void> => {
  const incomplete = incompleteTypes(plan, requested)
  const written = await write({ ...planInput, db }, plan)
  const complete = requested.filter((type) => !incomplete.includes(type))
  const contradicted = written.stopped ? [] : await declareComplete(db, complete)
  await print(describeWritten(written, rowsWritten()))
  const declared = complete.filter((type) => !contradicted.includes(type))
  if (!written.stopped && declared.length > 0) await print(`Declared complete: ${declared.join(', ')}`)
  if (written.stopped) {
    throw new CommandFailure('Stopped before the end: run the same command again to write what is missing')
  }
  requireComplete(plan, incomplete)
  if (contradicted.length > 0) throw new CommandFailure(describeContradicted(contradicted))
}

const creating = 'creating one. If this is the wrong directory, remove it and correct --persist-to'
const planningForEmpty = 'the plan is for an empty one. If this is the wrong directory, correct --persist-to'

/** Opens the database, migrated. A dry run migrates none. */
const openMigrated = async (options: Options, stop: AbortSignal): Promise<Database> => {
  const database = await openDatabase(options, stop)
  try {
    await (options.dryRun ? requireMigrated : ensureMigrated)(database.db, options)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Plans, then writes unless it is a dry run. A database that is missing has no log to compare with, so it is created
 * while the plan is made; a dry run creates none.
 */
const run = async (input: Input, options: Options, interrupted: AbortSignal): Promise<void> => {
  const { dryRun, persistTo, errors, complete = [] } = options
  const exists = await hasDatabase(options)
  if (!exists) console.error(`No database in ${persistTo}: ${dryRun ? planningForEmpty : creating}`)
  const opening = exists || !dryRun ? openMigrated(options, interrupted) : undefined
  // If the database cannot be opened, the plan stops. Until `opening` is awaited, Node would report its rejection.
  const failed = new AbortController()
  opening?.catch((error: unknown) => failed.abort(error))
  try {
    const existing = exists ? await opening : undefined
    const systemUserIds = existing
      ? existing.systemUserIds
      : (await readLocalConfiguration()).variables['SYSTEM_USER_IDS']
    const systemUsers = configured({ SYSTEM_USER_IDS: systemUserIds }, 'SYSTEM_USER_IDS')
    const stop = AbortSignal.any([interrupted, failed.signal])
    const planInput = { db: existing?.db, input, systemUsers, now: Date.now(), stop }
    const plan = await makePlan(planInput, errors)
    await print(describePlan(plan))
    requireValid(plan, options)
    const database = dryRun ? undefined : await opening
    if (database) return await writePlanned(database, planInput, plan, complete)
    await print('Dry run: nothing was written')
    requireComplete(plan, incompleteTypes(plan, complete))
  } finally {
    await opening?.then(
      async ({ close }) => await close(),
      () => undefined,
    )
  }
}

const start = async (file: string, options: Options): Promise<void> => {
  const stop = onInterrupt()
  const input = await openInput(file, stop)
  try {
    await run(input, options, stop)
  } finally {
    input.remove()
  }
}

await runCommand(
  new Command('npm run backfill --')
    .description(
      'Records the contributions and messages in a file, with the same rules as the webhook and into the same log.',
    )
    .argument(
      '<file>',
      'NDJSON, plain or gzip, or "-" for standard input; each line is a contribution or a webhook message',
    )
    .option('--dry-run', 'check every line and show the plan, but write nothing')
    .option(
      '--skip-invalid',
      'leave out invalid lines; without this option, one invalid line fails the whole file',
    )
    .option('--errors <file>', 'write the invalid lines to a file, as NDJSON { line, errors, text }')
    .option(
      '--complete <types>',
      'afterwards, declare these types (separated by commas) complete',
      parseTypes,
    )
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
The file is read twice. The first pass checks every line, compares it with the log and shows the plan. A contribution
that the file repeats counts as a duplicate or a conflict. The second pass writes. For other messages, the plan shows only
their number: whether they change anything is known after writing. Memory use does not grow with the file:
the first pass keeps the contributions in a temporary file, to find repeats.
Ctrl-C stops between two transactions; another run writes what is missing. The Worker may run at the same time.
A line of an export says when it was first recorded (recorded_at, next to type). The backfill keeps that date, and records
the line even if SYSTEM_USER_IDS lists its user now, or if its type has come to need a parent. The webhook ignores that field.
A file without lines, a file in UTF-16, and JSON that is not one object per line are rejected.
--errors replaces a file only if an earlier run wrote it. To backfill fixed lines: jq -r 'select(.text).text' FILE.
"text" is null for a line that is not UTF-8 (its bytes are in "base64") or is longer than 1 MiB.
With --skip-invalid, neither --complete nor the file can declare a type complete if a line that was left out may be about
it. The other lines are recorded; the command names the type and exits with 1.
Exit codes: 0 done; 1 failed, stopped, or a type was not declared complete; 2 misused. After Ctrl-C, npm itself exits with 130.`,
    )
    .action(start),
)
