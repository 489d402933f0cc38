import { expect, it } from 'vitest'
import { migrate } from '../../src/cli/migrate.ts'

const locked = { code: 1, output: 'dbErrorMessage(prepareResult, db) = database is locked: SQLITE_BUSY' }
const done = { code: 0, output: 'No migrations to apply!' }
const broken = { code: 1, output: 'Migration 0003_broken.sql failed: syntax error' }

/** Runs `migrate` with these results of wrangler, the last one repeatedly, and records the pauses. */
const migrateWith = async (...ends: { code: number; output: string }[]) => {
  const pauses: number[] = []
  let runs = 0
  const run = async () => ends[Math.min(runs++, ends.length - 1)] ?? done
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds)
  const error = await migrate(undefined, { run, pause }).then(
    () => undefined,
    (reason: unknown) => String(reason),
  )
  return { runs, pauses, error }
}

it('retries a migration while another process locks the database', async () => {
  expect(await migrateWith(locked, locked, done)).toEqual({ runs: 3, pauses: [500, 1000], error: undefined })
})

it('does not suggest removing a database that is only locked', async () => {
  expect(await migrateWith(locked)).toEqual({
    runs: 6,
    pauses: [500, 1000, 2000, 4000, 8000],
    error:
      'CommandFailure: Cannot migrate the local database while another process is using it: wait for that command or stop it, then start again',
  })
})

it('does not retry a migration that fails', async () => {
  const { runs, error } = await migrateWith(broken)
  expect(runs).toBe(1)
  expect(error).toContain('Migration 0003_broken.sql failed')
})
