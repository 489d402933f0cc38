import { afterEach, expect, it, vi } from 'vitest'
import { CommandFailure } from '../../src/cli/command.ts'
import { retryWhileUnavailable } from '../../src/cli/platform/retryWhileUnavailable.ts'
import { readPosition, runBatch } from '../../src/log/database.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A database whose batches end as given. */
const databaseOf = (batch: () => Promise<D1Result[]>): D1Database =>
  ({ prepare: () => ({}), batch }) as unknown as D1Database

/** Retries a read on a fast clock until it fails, and returns the error. */
const failureOf = async (db: D1Database): Promise<unknown> => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockReturnValue()
  const failure = retryWhileUnavailable(async () => await runBatch(db, readPosition(db))).catch(
    (error: unknown) => error,
  )
  await vi.runAllTimersAsync()
  return await failure
}

it('a command says that the log has not answered in time if no batch is ever answered', async () => {
  const batch = vi.fn(async () => await new Promise<D1Result[]>(() => undefined))
  expect(await failureOf(databaseOf(batch))).toEqual(
    new CommandFailure('The log has not answered in time. Run the same command again'),
  )
  expect(batch).toHaveBeenCalledTimes(12)
})

it('a command says why the log is unavailable if every batch fails', async () => {
  const db = databaseOf(async () => await Promise.reject(new Error('D1 DB is overloaded')))
  expect(await failureOf(db)).toEqual(
    new CommandFailure('The log is unavailable: D1 DB is overloaded. Run the same command again'),
  )
})
