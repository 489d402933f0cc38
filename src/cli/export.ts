import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Command } from 'commander'
import { CommandFailure, runCommand } from './command.ts'
import { openDatabase, type DatabaseOptions } from './platform/database.ts'
import { readEverything } from './export/pages.ts'
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

const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')

/** Writes to a file that has its name only once it is whole, or to standard output. */
const writeTo = async (output: string | undefined, lines: AsyncIterable<string>): Promise<void> => {
  const source = Readable.from(lines, { objectMode: false })
  if (output === undefined) {
    const { stdout }: { stdout: Writable } = process
    await pipeline(source, stdout).catch((error: unknown) => {
      if (!isClosedPipe(error)) throw error // whoever reads has read enough
    })
    return
  }
  const partial = `${output}.partial`
  try {
    await pipeline(
      source,
      output.endsWith('.gz') ? createGzip() : new PassThrough(),
      createWriteStream(partial),
    )
    await rename(partial, output)
  } catch (error) {
    await rm(partial, { force: true })
    if (error instanceof CommandFailure || !(error instanceof Error && 'code' in error)) throw error
    throw new CommandFailure(
      `Cannot write --output ${output}: ${error.message}. Name a file that can be written`,
      {
        cause: error,
      },
    )
  }
}

const start = async ({ output, ...options }: Options): Promise<void> => {
  const database = await openDatabase(options)
  try {
    await requireMigrated(database.db, options)
    let count = 0
    await writeTo(
      output,
      toLines(readEverything(database.db), (lines) => (count += lines)),
    )
    console.error(`${count} messages`)
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
With npm, standard output needs "npm run --silent export > FILE": npm itself prints a line.
Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(start),
)
