import { Command, InvalidArgumentError } from 'commander'
import { CommandFailure, exitCodes, runCommand } from './command.ts'
import { counted } from './console/format.ts'
import { print } from './console/print.ts'
import { openInput, type Input } from './lines/input.ts'
import { InvalidLines } from './lines/invalidLines.ts'
import { withDatabase } from './platform/database.ts'
import {
  persistToOption,
  remoteOption,
  requireDatabase,
  type DatabaseOptions,
} from './platform/databaseOptions.ts'
import { requireMigrated } from './migrate.ts'
import { compareWithLog, readPairs, type ComparedPair } from './reconcile/compare.ts'
import { describeDrift, Drift, readSamplesOf } from './reconcile/drift.ts'

interface Options extends DatabaseOptions {
  worst: number
  json?: boolean
}

const parseWorst = (text: string): number => {
  if (!/^[0-9]{1,4}$/.test(text)) throw new InvalidArgumentError('Use a number from 0 to 9999.')
  return Number(text)
}

const printDifference = async (db: D1Database, pair: ComparedPair): Promise<void> => {
  const { userId, type, site, log } = pair
  const samples = await readSamplesOf(db, pair)
  const contributions = samples.map(({ content, stands }) => ({ content, stands }))
  await print(JSON.stringify({ user_id: userId, type, site, log, contributions }))
}

const compare = async (db: D1Database, input: Input, options: Options): Promise<void> => {
  const drift = new Drift(options.json ? 0 : options.worst)
  const invalid = await InvalidLines.open(undefined, input, console.error, false)
  for await (const pair of compareWithLog(db, readPairs(input, invalid))) {
    drift.add(pair)
    if (options.json && pair.site !== pair.log) await printDifference(db, pair)
  }
  const report = await describeDrift(db, drift)
  if (options.json) console.error(report)
  else if (report !== '') await print(report)
  if (invalid.count > 0) {
    const lines = counted(invalid.count, 'invalid line')
    throw new CommandFailure(
      `${lines} not compared: fix ${invalid.count === 1 ? 'it' : 'them'} and run again`,
    )
  }
  console.error(
    drift.differing === 0 ? 'No drift' : `Drift: ${counted(drift.differing, 'pair differs', 'pairs differ')}`,
  )
  if (drift.differing > 0) process.exitCode = exitCodes.drift
}

const start = async (file: string, options: Options): Promise<void> => {
  const input = await openInput(file)
  try {
    await requireDatabase(options)
    await withDatabase(options, async ({ db }) => {
      await requireMigrated(db, options)
      await compare(db, input, options)
    })
  } finally {
    input.remove()
  }
}

await runCommand(
  new Command('npm run reconcile --')
    .description("Compares a site's own counts with the log. Reversed contributions do not count.")
    .argument('<file>', 'NDJSON { user_id, type, count }, plain or gzip, "-" for standard input')
    .option('--worst <number>', 'how many users to show for each type', parseWorst, 10)
    .option('--json', 'print each difference as a line of JSON, and the totals on standard error')
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
Only the pairs of user and type in the file are compared, each of which may occur once: give a count of 0 for a user who
should have none.
"missing" contributions are counted by the site but not by the log. "extra" ones are counted by the log but not by the
site, as they should be if the site has deleted their content. For each user listed, the contributions to check first
follow, newest first. An empty file is an error, because a broken nightly export must not look like "no drift".
Exit codes: 0 no drift, 1 failed, 2 misused, 3 drift.`,
    )
    .action(start),
)
