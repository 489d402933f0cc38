import { Command } from 'commander'
import { runCommand } from './command.ts'
import { counted } from './console/counted.ts'
import { openOutput, writeLines } from './export/output.ts'
import { openDatabase, type DatabaseOptions } from './platform/database.ts'
import { readEverything } from './export/pages.ts'
import { requireDatabase } from './platform/localDatabase.ts'
import { persistToOption, remoteOption } from './platform/location.ts'
import { requireMigrated } from './platform/migrated.ts'

interface Options extends DatabaseOptions {
  output?: string
}

const linesEach = 256

/** NDJSON in pieces of many lines: a stream costs by the piece. */
const toLines = async function* (
  messages: AsyncIterable<object>,
  onLines: (count: number) => void,
): AsyncGenerator<string> {
  let lines: string[] = []
  for await (const each of messages) {
    lines.push(`${JSON.stringify(each)}\n`)
    if (lines.length < linesEach) continue
    yield lines.join('')
    onLines(lines.length)
    lines = []
  }
  yield lines.join('')
  onLines(lines.length)
}

const start = async ({ output: name, ...options }: Options): Promise<void> => {
  const output = await openOutput(name)
  await requireDatabase(options)
  const database = await openDatabase(options)
  try {
    await requireMigrated(database.db, options)
    let count = 0
    await writeLines(
      output,
      toLines(readEverything(database.db), (lines) => (count += lines)),
    )
    console.error(counted(count, 'message'))
  } finally {
    await database.close()
  }
}

await runCommand(
  new Command('npm run export --')
    .description(
      'Writes everything recorded as webhook messages, a line each: contributions and corrections in the order recorded, then what is known of users, erasures and coverage. "npm run backfill" takes it back.',
    )
    .option('--output <file>', 'write there rather than to standard output; gzip if the name ends in .gz')
    .addOption(remoteOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
With npm, standard output needs "npm run --silent export > FILE": npm itself prints a line. A shell empties FILE before
the export begins; --output never replaces a file, and the file has its name only once it is whole.
Contributions and corrections say when they were recorded (recorded_at, beside type): a backfill keeps that date, and
records them whoever SYSTEM_USER_IDS lists then.
Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(start),
)
