import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyMigration, readMigrations } from '../log/migrations.ts'
import { backoff, retry } from '../failure.ts'
import { CommandFailure } from './command.ts'
import { withDatabase } from './platform/database.ts'
import type { DatabaseOptions } from './platform/databaseOptions.ts'
import { retryWhileUnavailable } from './platform/retryWhileUnavailable.ts'
import { projectDirectory } from './platform/wrangler.ts'

const attemptsMax = 6
const firstPauseMilliseconds = 500

const folder = join(projectDirectory, 'migrations')

class MigrationFailed extends CommandFailure {
  readonly isLocked: boolean

  constructor(name: string, cause: unknown, directory: string) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const isLocked = /SQLITE_BUSY|database is locked/.test(reason)
    super(
      isLocked
        ? 'Cannot migrate the local database while another process is using it: wait until it has finished or stop it, then start again'
        : `Cannot migrate the local database: migrations/${name} failed: ${reason}. Fix it and start again. If nothing in the database is worth keeping, remove ${directory} instead`,
      { cause },
    )
    this.isLocked = isLocked
  }
}

const missingMigrations = async (db: D1Database): Promise<string[]> => {
  const applied = await retryWhileUnavailable(async () => await readMigrations(db))
  const files = await readdir(folder)
  return files.filter((file) => file.endsWith('.sql') && !applied.includes(file)).sort()
}

/** Applies one migration. */
type Apply = typeof applyMigration

/**
 * Applies the missing migrations to a local database, each in its own transaction. Retries for about 15 seconds while
 * another process locks the database. Throws a CommandFailure that names the failed migration.
 */
export const applyMissing = async (
  db: D1Database,
  { persistTo }: DatabaseOptions,
  { apply = applyMigration, pause }: { apply?: Apply; pause?: (ms: number) => Promise<void> } = {},
): Promise<void> => {
  for (const name of await missingMigrations(db)) {
    const sql = await readFile(join(folder, name), 'utf8')
    const applyOne = async (): Promise<void> =>
      await apply(db, name, sql).catch((error: unknown) => {
        throw new MigrationFailed(name, error, persistTo)
      })
    await retry(applyOne, {
      attempts: attemptsMax,
      isTransient: (error) => error instanceof MigrationFailed && error.isLocked,
      pauseAfter: (attempt) => backoff(attempt, firstPauseMilliseconds),
      ...(pause && { pause }),
    })
  }
}

/** Migrates the local database in `persistTo`, and creates it if it is missing. Throws a CommandFailure. */
export const migrate = async (persistTo = join(projectDirectory, '.wrangler/state')): Promise<void> =>
  await withDatabase({ persistTo }, async ({ db }) => await applyMissing(db, { persistTo }))

/** Throws a CommandFailure if the database lacks migrations of this checkout. */
export const requireMigrated = async (db: D1Database, { remote }: DatabaseOptions): Promise<void> => {
  const missing = await missingMigrations(db)
  if (missing.length === 0) return
  throw new CommandFailure(
    `Cannot use the database: it lacks ${missing.join(', ')}. Run ${remote ? 'npm run deploy' : 'npm start'} once`,
  )
}

/** Migrates a local database, as `npm start` does. Only a deploy migrates production. */
export const ensureMigrated = async (db: D1Database, options: DatabaseOptions): Promise<void> =>
  await (options.remote ? requireMigrated : applyMissing)(db, options)
