import { Command, InvalidArgumentError } from 'commander'
import { exitCodes, onInterrupt, runCommand } from '../src/cli/command.ts'
import { withDatabase } from '../src/cli/platform/database.ts'
import { persistToOption, requireDatabase } from '../src/cli/platform/databaseOptions.ts'
import { defaultPort, isLocal, localOrigin } from '../src/cli/platform/localAddress.ts'
import { requireMigrated } from '../src/cli/migrate.ts'
import { envFileOption, readSecrets } from '../src/cli/send/secrets.ts'
import { Site } from '../src/cli/send/site.ts'
import { describeChanges } from './comparison.ts'
import { plan, run } from './run.ts'

interface Options {
  url: string
  persistTo: string
  envFile: string
  dryRun?: boolean
}

/** The demo writes to a local database, so the Worker must be local as well. */
const parseUrl = (text: string): string => {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' || !isLocal(url) || url.href !== `${url.origin}/`) {
    throw new InvalidArgumentError('Use a local address like http://127.0.0.1:8787, without a path.')
  }
  return url.origin
}

const start = async ({ url, persistTo, envFile, dryRun }: Options): Promise<void> => {
  const stop = onInterrupt()
  const [secret] = await readSecrets(envFile)
  const site = new Site(url, secret, stop)
  await site.read('/healthz')
  const local = { persistTo }
  await requireDatabase(local)
  await withDatabase(local, async (database) => {
    await requireMigrated(database.db, local)
    const stage = { site, database, stop }
    if (dryRun) return await plan(stage)
    const unexpected = await run(stage)
    if (unexpected.length === 0) return
    console.error(`Drift: these numbers changed but should not have\n${describeChanges(unexpected)}`)
    process.exitCode = exitCodes.drift
  })
}

await runCommand(
  new Command('npm run demo --')
    .description(
      'Sends a made-up community to the Worker of npm start, deletes its content, and shows that no number changes.',
    )
    .option('--url <url>', 'the address of the Worker', parseUrl, localOrigin(defaultPort))
    .option('--dry-run', 'check everything and show the plan, but write nothing')
    .addOption(envFileOption)
    .addOption(persistToOption)
    .addHelpText(
      'after',
      `
The community has 400 people and 40,000 contributions from the last three years. Most are backfilled; those of the last
days are sent as signed webhooks. Then the oldest third of the content is deleted. The numbers of every leaderboard, the
metrics and some lifetime totals are read before and after. Finally spam is retracted, which is the only step that
changes numbers. All of it takes less than a minute.
The data stays in the database. Another run sends the same community, and only what is missing is recorded.
Exit codes: 0 done, 1 failed or stopped, 2 misused, 3 a number changed that should not have.`,
    )
    .action(start),
)
