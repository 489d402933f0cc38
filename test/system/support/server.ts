import { createTestHarness } from 'wrangler'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { secrets } from './site.ts'

/** The built Worker in its own workerd, with an empty, migrated database. */
export interface Server {
  url: string
  close(): Promise<void>
}

/** Builds and starts the Worker of a project's directory on a free port of 127.0.0.1. */
export const startServer = async (root = projectDirectory): Promise<Server> => {
  const harness = createTestHarness({
    root,
    workers: [{ configPath: 'wrangler.toml', secrets, vars: { RATE_LIMITS: 'off' } }],
  })
  const { url } = await harness.listen()
  await harness.getWorker().applyD1Migrations('DB')
  return { url: url.origin, close: async () => await harness.close() }
}
