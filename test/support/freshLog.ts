import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/** An empty log, and no object that remembers another. */
export const freshLog = async (): Promise<void> => {
  await reset()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}
