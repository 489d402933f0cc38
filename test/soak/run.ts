import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { Miniflare } from 'miniflare'
import { applyMigrations, buildWorker, optionsOf } from '../../bench/built.ts'
import { makeScratchDirectory, removeAtExit } from '../../bench/scratch.ts'
import { runCommand } from '../../src/cli/command.ts'
import { offline } from '../../src/cli/platform/wrangler.ts'
import { secrets } from '../system/support/site.ts'
import { systemUsers } from './community/contributions.ts'
import { describe } from './report.ts'
import { soak } from './soak.ts'
import { SoakWorker } from './traffic/worker.ts'

interface Options {
  minutes: number
  kills?: number
  seed: number
}

/** The exit code when an answer differs from brute force, or is otherwise wrong. */
const differenceExitCode = 3

const killsLeast = 30
const killsAMinute = 4
const minutesMax = 240

const parseMinutes = (text: string): number => {
  const minutes = /^\d{1,3}(?:\.\d{1,2})?$/.test(text) ? Number(text) : 0
  if (minutes === 0 || minutes > minutesMax)
    throw new InvalidArgumentError(`Use a number above 0, at most ${minutesMax}.`)
  return minutes
}

const parseWhole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number of at most nine digits.')
  return Number(text)
}

/** Builds the Worker, with an empty database in a temporary directory that is removed when this process exits. */
const prepareWorker = async (): Promise<SoakWorker> => {
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  const directory = await makeScratchDirectory('perennial-soak-')
  const built = await buildWorker('src/worker.ts', join(directory, 'built'))
  const bindings = { ...secrets, SYSTEM_USER_IDS: systemUsers.join(','), RATE_LIMITS: 'off' }
  const options = optionsOf(built, { bindings, state: join(directory, 'state') })
  const miniflare = new Miniflare(options)
  removeAtExit(directory)
  await applyMigrations(miniflare)
  await miniflare.dispose()
  return new SoakWorker(options)
}

const start = async ({
  minutes,
  seed,
  kills = Math.max(killsLeast, Math.round(minutes * killsAMinute)),
}: Options): Promise<void> => {
  const worker = await prepareWorker()
  try {
    const result = await soak(worker, { seed, minutes, kills })
    console.log(describe(result))
    if (result.findings.differences > 0) process.exitCode = differenceExitCode
  } finally {
    await worker.stop()
  }
}

await runCommand(
  new Command('npm run soak --')
    .description(
      'Sends made-up traffic of every kind to a Worker on temporary state, kills and restarts it at random moments, then compares all numbers with brute force.',
    )
    .option('--minutes <number>', 'how long to send; may be a fraction', parseMinutes, 10)
    .option(
      '--kills <number>',
      `how often to kill the Worker (default: ${killsAMinute} a minute, at least ${killsLeast})`,
      parseWhole,
    )
    .option(
      '--seed <number>',
      'determines what is sent and read, and when the Worker is killed',
      parseWhole,
      Date.now() % 1_000_000,
    )
    .addHelpText(
      'after',
      `
The same seed sends the same messages. The order in which they arrive depends on the machine, and must not matter.
Exit codes: 0 no difference, 1 failed, 2 misused, 3 differences, each printed with its request.`,
    )
    .action(start),
)
