import { Command } from 'commander'
import { onInterrupt, runCommand } from './command.ts'
import { counted } from './console/format.ts'
import { openOutput, writeLines } from './export/output.ts'
import { readEverything } from './export/readEverything.ts'
import { withDatabase } from './platform/database.ts'
import {
  persistToOption,
  remoteOption,
  requireDatabase,
  type DatabaseOptions,
} from './platform/databaseOptions.ts'
import { requireMigrated } from './migrate.ts'

interface Options extends DatabaseOptions {
  output?: string
}

const linesPerChunk = 256

/**
 * Formats messages as NDJSON. Yields many lines per chunk, because the cost of a stream depends on its number of
 * chunks.
 */
const toLines = async function* (
  messages: AsyncIterable<object>,
  onLines: (count: number) => void,
): AsyncGenerator<string> {
  let lines: string[] = []
  for await (const each of messages) {
    lines.push(`${JSON.stringify(each)}\n`)
    if (lines.length < linesPerChunk) continue
    yield lines.join('')
    onLines(lines.length)
    lines = []
  }
  yield lines.join('')
  onLines(lines.length)
}

const start = async ({ output: name, ...options }: Options): Promise<void> => {
  const stop = onInterrupt()
  const output = await openOutput(name)
  await requireDatabase(options)
  await withDatabase(options, async ({ db }) => {
    await requireMigrated(db, options)
    let count = 0
    await writeLines(
      output,
      toLines(readEverything(db), (lines) => (count += lines)),
      stop,
    )
    console.error(counted(count, 'message'))
  })
}

await runCommand(
  new Command('npm run export --')
    .description(
      'Writes the whole log as webhook messages, one per line: contributions, corrections and amendments in the order recorded, then deletions, user profiles, erasures and coverage. "npm run backfill" imports it again.',
    )
    .option(
      '--output <file>',
      'write to a file instead of standard output ("-"), as gzip if its name ends in .gz',
    )
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
To use standard output, write "npm run --silent export > FILE": without --silent, npm first prints lines that only a
backfill skips. The shell empties FILE before the export starts. --output never replaces a file, and creates it only when
the export is complete. Until then, the output is in FILE.….partial. A stopped export removes it; one that is killed with
SIGKILL does not.
A backfill into an empty database gives the same numbers, profiles and contributions. The number of entries may differ where
several corrections of one content were recorded at the same instant.
Contributions, corrections and amendments say when they were recorded (recorded_at, next to type). A backfill keeps that
date, and records them even if SYSTEM_USER_IDS lists their user by then.
Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(start),
)
