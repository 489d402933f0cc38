import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** What all random inputs of a run are drawn from. */
    seed: number
  }
}

fc.configureGlobal({ seed: inject('seed') })
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
