import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { within } from './within.ts'

/** Empties the log and deletes the storage of all objects. */
export const freshLog = async (): Promise<void> => {
  await within('Deleting all objects', reset())
  await within('Migrating the database', applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
}
