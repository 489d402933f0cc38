import { expect, it } from 'vitest'
import { applyMissing } from '../../src/cli/migrate.ts'

const locked = new Error('D1_ERROR: database is locked: SQLITE_BUSY')
const broken = new Error('D1_ERROR: near "TABEL": syntax error')

/** A database to which nothing has been applied. */
const empty = {
  prepare: () => ({}),
  batch: async () => [{ results: [] }],
} as unknown as D1Database

/** Migrates an empty database whose first migration has these results, the last one repeatedly, and records the pauses. */
const migrateWith = async (...ends: (Error | undefined)[]) => {
  const pauses: number[] = []
  const applied: string[] = []
  let runs = 0
  const apply = async (_: D1Database, name: string): Promise<void> => {
    const end = applied.length > 0 ? undefined : ends[Math.min(runs, ends.length - 1)]
    runs += 1
    if (end !== undefined) throw end
    applied.push(name)
  }
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds)
  const error = await applyMissing(empty, { persistTo: '/the/state' }, { apply, pause }).then(
    () => undefined,
    (reason: unknown) => String(reason),
  )
  return { applied, runs, pauses, error }
}

it('applies every migration in the order of their names', async () => {
  const { applied, error } = await migrateWith(undefined)
  expect(error).toBe(undefined)
  expect(applied.length).toBeGreaterThan(10)
  expect(applied).toEqual(applied.toSorted())
})

it('retries a migration while another process locks the database', async () => {
  const { applied, runs, pauses, error } = await migrateWith(locked, locked, undefined)
  expect([runs - applied.length, pauses, error]).toEqual([2, [500, 1000], undefined])
})

it('does not suggest removing a database that is only locked', async () => {
  expect(await migrateWith(locked)).toEqual({
    applied: [],
    runs: 6,
    pauses: [500, 1000, 2000, 4000, 8000],
    error:
      'CommandFailure: Cannot migrate the local database while another process is using it: wait until it has finished or stop it, then start again',
  })
})

it('does not retry a migration that fails, and says which, why and what to do', async () => {
  expect(await migrateWith(broken)).toEqual({
    applied: [],
    runs: 1,
    pauses: [],
    error:
      'CommandFailure: Cannot migrate the local database: migrations/0001_log.sql failed: D1_ERROR: near "TABEL": syntax error. Fix it and start again. If nothing in the database is worth keeping, remove /the/state instead',
  })
})
