import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { within } from './within.ts'

/** An empty log, and no object that remembers another. */
export const freshLog = async (): Promise<void> => {
  await within('Deleting all objects', reset())
  await within('Migrating the database', applyD1Migrations(env.DB, env.TEST_MIGRATIONS))
}
