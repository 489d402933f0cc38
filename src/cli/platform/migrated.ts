import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrations } from '../../log/migrations.ts'
import { CommandFailure } from '../command.ts'
import type { DatabaseOptions } from './database.ts'
import { migrate } from '../migrate.ts'
import { patiently } from './patience.ts'
import { projectDirectory } from './wrangler.ts'

const missingIn = async (db: D1Database): Promise<string[]> => {
  const applied = await patiently(async () => await readMigrations(db))
  const files = await readdir(join(projectDirectory, 'migrations'))
  return files.filter((file) => file.endsWith('.sql') && !applied.includes(file)).sort()
}

/** Throws a CommandFailure when a database lacks migrations of this checkout. */
export const requireMigrated = async (db: D1Database, { remote }: DatabaseOptions): Promise<void> => {
  const missing = await missingIn(db)
  if (missing.length === 0) return
  throw new CommandFailure(
    `Cannot use the database: it lacks ${missing.join(', ')}. Run ${remote ? 'npm run deploy' : 'npm start'} once`,
  )
}

/** Makes the tables of a local database that lacks them, as `npm start` does; production is left to a deploy. */
export const ensureMigrated = async (db: D1Database, options: DatabaseOptions): Promise<void> => {
  if (options.remote) return await requireMigrated(db, options)
  if ((await missingIn(db)).length > 0) await migrate(options.persistTo)
}
