import { Command, InvalidArgumentError } from 'commander'
import { CommandFailure, driftExitCode, runCommand } from './command.ts'
import { openDatabase, type DatabaseOptions } from './platform/database.ts'
import { counted } from './console/counted.ts'
import { print } from './console/print.ts'
import { openInput, type Input } from './lines/input.ts'
import { InvalidLines } from './lines/invalidLines.ts'
import { requireDatabase } from './platform/localDatabase.ts'
import { persistToOption, remoteOption } from './platform/location.ts'
import { requireMigrated } from './platform/migrated.ts'
import { compareWithLog } from './reconcile/compare.ts'
import { Drift, type Difference } from './reconcile/drift.ts'
import { readPairs } from './reconcile/pairs.ts'
import { describeDrift, readSamplesOf } from './reconcile/report.ts'

interface Options extends DatabaseOptions {
  worst: number
  json: boolean
}

const parseWorst = (text: string): number => {
  if (!/^[0-9]{1,4}$/.test(text)) throw new InvalidArgumentError('Use a number from 0 to 9999.')
  return Number(text)
}

const printDifference = async (db: D1Database, difference: Difference): Promise<void> => {
  const { userId, type, site, log } = difference
  const samples = await readSamplesOf(db, difference)
  const contributions = samples.map(({ content, stands }) => ({ content, stands }))
  await print(JSON.stringify({ user_id: userId, type, site, log, contributions }))
}

const compare = async (db: D1Database, input: Input, options: Options): Promise<void> => {
  const drift = new Drift(options.json ? 0 : options.worst)
  const invalid = await InvalidLines.open(undefined, input, console.error)
  for await (const difference of compareWithLog(db, readPairs(input, invalid))) {
    drift.add(difference)
    if (options.json && difference.site !== difference.log) await printDifference(db, difference)
  }
  const report = await describeDrift(db, drift)
  if (options.json) console.error(report)
  else if (report !== '') await print(report)
  if (invalid.count > 0) {
    const lines = counted(invalid.count, 'invalid line')
    throw new CommandFailure(`${lines} not compared: fix what is named above, and run again`)
  }
  console.error(drift.differing === 0 ? 'No drift' : `Drift: ${drift.differing} of the pairs given differ`)
  if (drift.differing > 0) process.exitCode = driftExitCode
}

const start = async (file: string, options: Options): Promise<void> => {
  const input = await openInput(file)
  try {
    await requireDatabase(options)
    const database = await openDatabase(options)
    try {
      await requireMigrated(database.db, options)
      await compare(database.db, input, options)
    } finally {
      await database.close()
    }
  } finally {
    await input.remove()
  }
}

await runCommand(
  new Command('npm run reconcile --')
    .description("Compares a site's own live counts with the contributions that stand in the log.")
    .argument('<file>', 'NDJSON { user_id, type, count }, plain or gzip, "-" for standard input')
    .option('--worst <number>', 'how many users to show of each type', parseWorst, 10)
    .option('--json', 'print every difference as a line of JSON, the sums on standard error', false)
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
Only the pairs given are compared: give a count of 0 for a user who should have none.
"missing" is what the site counts and the log does not; "extra" is what the log counts and the site does not, as it
should once the site has deleted content. For each user the first contributions to look at are named, newest first.
A file without a line fails: a nightly export that broke must not look like "no drift".
Exit codes: 0 no drift, 1 failed, 2 misused, 3 drift.`,
    )
    .action(start),
)
