import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { driftExitCode, runCommand } from './command.ts'
import { openDatabase } from './platform/database.ts'
import { describeCompared } from './demo/comparison.ts'
import { plan, run } from './demo/run.ts'
import { readSecret } from './demo/secret.ts'
import { Site } from './demo/site.ts'
import { onInterrupt } from './console/interrupt.ts'
import { isLocal } from './platform/localHosts.ts'
import { persistToOption } from './platform/location.ts'
import { requireMigrated } from './platform/migrated.ts'
import { defaultPort, localOrigin } from './platform/port.ts'
import { projectDirectory } from './platform/wrangler.ts'

interface Options {
  url: string
  persistTo: string
  envFile: string
  dryRun: boolean
}

/** The demo writes to a local database, so the Worker that reads it is here, too. */
const parseUrl = (text: string): string => {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' || !isLocal(url)) {
    throw new InvalidArgumentError('Use an address of this machine like http://127.0.0.1:8787.')
  }
  return url.origin
}

const start = async ({ url, persistTo, envFile, dryRun }: Options): Promise<void> => {
  const stop = onInterrupt()
  const site = new Site(url, await readSecret(envFile), stop)
  await site.read('/healthz')
  const local = { remote: false, persistTo }
  const database = await openDatabase(local)
  try {
    await requireMigrated(database.db, local)
    const stage = { site, database, stop }
    if (dryRun) return await plan(stage)
    const unexplained = await run(stage)
    if (unexplained.length === 0) return
    console.error(`Drift: these numbers should not have changed\n${describeCompared(unexplained)}`)
    process.exitCode = driftExitCode
  } finally {
    await database.close()
  }
}

await runCommand(
  new Command('npm run demo --')
    .description(
      'Sends a made-up community to the Worker that npm start runs, deletes its content, and shows that the numbers stand.',
    )
    .option('--url <url>', 'where the Worker is', parseUrl, localOrigin(defaultPort))
    .option('--dry-run', 'check, show the plan, write nothing', false)
    .option(
      '--env-file <file>',
      "the file with the Worker's WEBHOOK_SECRETS",
      (file: string) => resolve(file),
      join(projectDirectory, '.dev.vars'),
    )
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
400 people and 40,000 contributions of three years, up to now: most by the backfill, the last days by signed webhooks.
Then the oldest third of the content is deleted, and every number of every board, the metrics and lifetime totals are
read before and after. Then spam is retracted: only that changes a number. It takes about a minute.
What is recorded stays. A second run finds the community and sends the same again: only what is missing is recorded.
Exit codes: 0 done, 1 failed or stopped, 2 misused, 3 a number changed that should not have.`,
    )
    .action(start),
)
