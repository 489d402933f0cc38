import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrations } from '../log/migrations.ts'
import { backoff, retry } from '../failure.ts'
import { CommandFailure } from './command.ts'
import type { DatabaseOptions } from './platform/databaseOptions.ts'
import { retryWhileUnavailable } from './platform/retryWhileUnavailable.ts'
import { projectDirectory, runWrangler } from './platform/wrangler.ts'

const attemptsMax = 6
const firstPauseMilliseconds = 500

class MigrationFailed extends CommandFailure {
  readonly isLocked: boolean

  constructor(output: string, directory: string) {
    const isLocked = output.includes('SQLITE_BUSY')
    super(
      isLocked
        ? 'Cannot migrate the local database while another process is using it: wait for that command or stop it, then start again'
        : `${output.trim()}\n\nCannot migrate the local database: fix the migration named above and start again, or, if nothing in it is worth keeping, remove ${directory} (docs/operating.md, "A migration that stopped halfway")`,
    )
    this.isLocked = isLocked
  }
}

/**
 * Applies the missing migrations to the local database in `directory`, by default wrangler's own. Retries for about
 * 15 seconds while another process locks the database. Throws a CommandFailure with wrangler's output.
 */
export const migrate = async (
  directory?: string,
  { run = runWrangler, pause }: { run?: typeof runWrangler; pause?: (ms: number) => Promise<void> } = {},
): Promise<void> => {
  const place = directory === undefined ? [] : ['--persist-to', directory]
  const apply = async (): Promise<void> => {
    const { code, output } = await run(['d1', 'migrations', 'apply', 'DB', '--local', ...place])
    if (code !== 0) throw new MigrationFailed(output, directory ?? '.wrangler/state')
  }
  await retry(apply, {
    attempts: attemptsMax,
    isTransient: (error) => error instanceof MigrationFailed && error.isLocked,
    pauseAfter: (attempt) => backoff(attempt, firstPauseMilliseconds),
    ...(pause && { pause }),
  })
}

const missingMigrations = async (db: D1Database): Promise<string[]> => {
  const applied = await retryWhileUnavailable(async () => await readMigrations(db))
  const files = await readdir(join(projectDirectory, 'migrations'))
  return files.filter((file) => file.endsWith('.sql') && !applied.includes(file)).sort()
}

/** Throws a CommandFailure when a database lacks migrations of this checkout. */
export const requireMigrated = async (db: D1Database, { remote }: DatabaseOptions): Promise<void> => {
  const missing = await missingMigrations(db)
  if (missing.length === 0) return
  throw new CommandFailure(
    `Cannot use the database: it lacks ${missing.join(', ')}. Run ${remote ? 'npm run deploy' : 'npm start'} once`,
  )
}

/** Migrates a local database, as `npm start` does. Only a deploy migrates production. */
export const ensureMigrated = async (db: D1Database, options: DatabaseOptions): Promise<void> => {
  if (options.remote) return await requireMigrated(db, options)
  if ((await missingMigrations(db)).length > 0) await migrate(options.persistTo)
}
