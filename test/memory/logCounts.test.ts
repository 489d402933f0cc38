import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LogCounts } from '../../src/memory/LogCounts.ts'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { breakD1, overloaded, takeD1Out } from '../support/faults.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { scenario } from '../support/scenario.ts'
import { aContribution, send, type Json } from '../support/site.ts'
import { workerWithMemory, type MemoryWorker } from './support/workerWithMemory.ts'

const answers = (id: number, count: number): Json[] =>
  Array.from({ length: count }, () => aContribution({ user: { id } }))

/** The number of events that a user's counter stores; undefined if it stores nothing. */
const stored = async (id: number): Promise<number | undefined> =>
  runInDurableObject(env.USER_COUNTERS.getByName(String(id)), (_, { storage: { sql } }) => {
    const tables = sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'events'`).toArray()
    return tables.length === 0
      ? undefined
      : sql.exec<{ count: number }>('SELECT count(*) AS count FROM events').one().count
  })

/** Longer than the pause before each counter is refreshed, and shorter than a count waits for D1. */
const pauseMilliseconds = 500

/** What a count in the log finds, where the test does not look at it. */
const counted = async (): Promise<object> => ({})

let fireTimers: (milliseconds: number) => void

/** Lets the counters be refreshed, and waits for what runs in the background. */
const settle = async (...workers: MemoryWorker[]): Promise<void> => {
  fireTimers(pauseMilliseconds)
  await Promise.all(workers.map(async (worker) => worker.settle()))
  fireTimers(0)
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
  fireTimers = holdTimers()
})

afterEach(() => vi.restoreAllMocks())

describe('a user’s numbers that the memory does not have', () => {
  it('are one batch on the log, which reads at most 5 rows for each event and 6 more', async () => {
    await send('contribution.created', answers(1, 100))
    await send('contribution.created', answers(2, 100))
    const worker = workerWithMemory()
    const meter = meterOfAll(env.DB)
    const { body } = await worker.read('/v1/users/1')
    expect([body.position, body.lifetime.total, meter.batches, meter.statements]).toEqual([200, 100, 1, 3])
    expect(meter.rowsRead).toBeLessThanOrEqual(506)
    vi.restoreAllMocks()
    await settle(worker)
  })

  it('store nothing in the counter of the user, which is built afterwards in the background', async () => {
    await send('contribution.created', answers(1, 3))
    const worker = workerWithMemory()
    await worker.read('/v1/users/1')
    const before = await stored(1)
    await settle(worker)
    expect([before, await stored(1)]).toEqual([undefined, 3])
  })

  it('come from the counter if the user has more than 1,000 events', async () => {
    await send('contribution.created', answers(1, 1000))
    const worker = workerWithMemory()
    expect((await worker.read('/v1/users/1')).body.lifetime.total).toBe(1000)
    expect(await stored(1)).toBeUndefined()
    await send('contribution.created', answers(1, 1))
    const other = workerWithMemory()
    expect((await other.read('/v1/users/1')).body.lifetime.total).toBe(1001)
    expect(await stored(1)).toBe(1001)
    await settle(worker, other)
  })

  it('come from the counter if all of more than 1,000 events are taken back', async () => {
    const all = answers(1, 501)
    await send('contribution.created', all)
    await send(
      'contribution.retracted',
      all.map(({ content }) => ({ content, reason: 'spam' })),
    )
    const worker = workerWithMemory()
    expect((await worker.read('/v1/users/1')).body.lifetime.total).toBe(0)
    expect(await stored(1)).toBe(1002)
    await settle(worker)
  })

  it('are counted once in the log: others who ask at the same time share the counter', async () => {
    await send('contribution.created', answers(1, 3))
    const worker = workerWithMemory()
    const reads = [1, 2].map(async () => (await worker.read('/v1/users/1')).body.lifetime.total)
    expect(await Promise.all(reads)).toEqual([3, 3])
    expect(await stored(1)).toBe(3)
    await settle(worker)
  })

  it('are 404 for a user whom no message has named, and store nothing', async () => {
    const worker = workerWithMemory()
    for (const _ of ['once', 'twice']) expect((await worker.read('/v1/users/404')).status).toBe(404)
    await settle(worker)
    expect(await stored(404)).toBeUndefined()
  })

  it('of an erased user are 404, and still are in an outage, although their counter was built before', async () => {
    await send('contribution.created', [aContribution({ user: { id: 1, username: 'ana' } })])
    const before = workerWithMemory()
    await before.read('/v1/users/1')
    await settle(before)
    await send('user.erased', { id: 1 })
    setClock(noon + 2000)
    const seen = workerWithMemory()
    expect((await seen.read('/v1/users/1')).status).toBe(404)
    await settle(seen)
    const endOutage = takeD1Out()
    setClock(noon + 62_000)
    const reads = [seen, workerWithMemory()].map(async (worker) => (await worker.read('/v1/users/1')).status)
    expect(await Promise.all(reads)).toEqual([404, 404])
    endOutage()
  })

  it('come from the counter for a page, which also asks it for a calendar and a list', async () => {
    await send('contribution.created', answers(1, 3))
    await workerWithMemory().read('/v1/users/1/calendar')
    setClock(noon + 500)
    await send('contribution.created', answers(1, 1))
    setClock(noon + 900) // the counter may still say 3
    const html = await (
      await workerWithMemory().fetchApi('/users/1', { headers: { accept: 'text/html' } })
    ).text()
    const totals = [...html.matchAll(/"lifetime":\{"total":(\d+)|"days":\[.*?"count":(\d+)/g)]
    expect(totals.map(([, lifetime, day]) => lifetime ?? day)).toEqual(['3', '3'])
  })

  it('are 503 for a position that the log has not reached', async () => {
    const { position } = await send('contribution.created', answers(1, 1))
    const worker = workerWithMemory()
    const statuses = [position, position + 1].map(
      async (least) => (await workerWithMemory().read(`/v1/users/1?at_least=${least}`)).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 503])
    await settle(worker)
  })

  it('come from the counter, with its age, while D1 fails or does not answer', async () => {
    await send('contribution.created', answers(1, 3))
    const before = workerWithMemory()
    await before.read('/v1/users/1')
    await settle(before)
    setClock(noon + 2000)
    const endOutage = takeD1Out()
    const failing = await workerWithMemory().read('/v1/users/1')
    endOutage()
    const log = holdD1()
    fireTimers(2000)
    const silent = await workerWithMemory().read('/v1/users/1')
    log.release()
    const shown = [failing, silent].map(({ status, age, body }) => [status, age, body.lifetime.total])
    expect(shown).toEqual([
      [200, 2, 3],
      [200, 2, 3],
    ])
  })
})

describe('the counters of users who were counted in the log', () => {
  it('are refreshed one after the other, in the background', async () => {
    for (const id of [1, 2, 3]) await send('contribution.created', answers(id, id))
    const worker = workerWithMemory()
    const reads = [1, 2, 3].map(async (id) => (await worker.read(`/v1/users/${id}`)).body.lifetime.total)
    expect(await Promise.all(reads)).toEqual([1, 2, 3])
    const before = await Promise.all([1, 2, 3].map(stored))
    await settle(worker)
    const after = await Promise.all([1, 2, 3].map(stored))
    expect([before, after]).toEqual([
      [undefined, undefined, undefined],
      [1, 2, 3],
    ])
  })

  it('are refreshed after each count, so that an answer during an outage is as new as possible', async () => {
    await send('contribution.created', answers(1, 3))
    const worker = workerWithMemory()
    for (const minutes of [0, 2]) {
      setClock(noon + minutes * 60_000)
      expect((await worker.read('/v1/users/1')).isFromMemory).toBe(false)
      await settle(worker)
    }
    setClock(noon + 130_000)
    const endOutage = takeD1Out()
    const { age, body } = await worker.read('/v1/users/1')
    expect([age, body.lifetime.total]).toEqual([10, 3])
    endOutage()
  })

  it('become as new as the count, even if they were read a moment before it', async () => {
    await send('contribution.created', answers(1, 3))
    await workerWithMemory().read('/v1/users/1/calendar')
    setClock(noon + 500)
    await send('contribution.created', answers(1, 1))
    setClock(noon + 900)
    const worker = workerWithMemory()
    expect((await worker.read('/v1/users/1')).body.lifetime.total).toBe(4)
    await settle(worker)
    expect(await stored(1)).toBe(4)
  })

  it('learn a new name and an erasure, even if they were read a moment before', async () => {
    const named = [1, 2].map((id) => aContribution({ user: { id, username: 'old' } }))
    await send('contribution.created', named)
    for (const id of [1, 2]) await workerWithMemory().read(`/v1/users/${id}/calendar`)
    setClock(noon + 500)
    await send('user.updated', { id: 1, username: 'new' })
    await send('user.erased', { id: 2 })
    setClock(noon + 900)
    const worker = workerWithMemory()
    for (const id of [1, 2]) await worker.read(`/v1/users/${id}`)
    await settle(worker)
    setClock(noon + 3000)
    const endOutage = takeD1Out()
    const [renamed, erased] = [await worker.read('/v1/users/1'), await worker.read('/v1/users/2')]
    endOutage()
    expect([renamed.body.user.username, renamed.age, erased.status]).toEqual(['new', 2, 404])
  })

  it('are refreshed after an outage even if the clock was set back', async () => {
    const logCounts = new LogCounts(() => Date.now())
    await send('contribution.created', answers(1, 1))
    await logCounts.read(1, counted)
    fireTimers(pauseMilliseconds)
    const endOutage = takeD1Out()
    await logCounts.refreshCounters(env)
    endOutage()
    setClock(noon - 3_600_000)
    fireTimers = holdTimers()
    fireTimers(pauseMilliseconds)
    await logCounts.refreshCounters(env)
    expect(await stored(1)).toBe(1)
  })

  it('are remembered for 10,000 users, those who were counted first the least', async () => {
    const logCounts = new LogCounts(() => Date.now())
    const called: string[] = []
    const getByName = (name: string): never => {
      called.push(name)
      throw new Error('Only the first is wanted')
    }
    for (let id = 1; id <= 10_001; id += 1) await logCounts.read(id, counted)
    await logCounts.read(10_001, counted)
    fireTimers(pauseMilliseconds)
    await expect(
      logCounts.refreshCounters({ ...env, USER_COUNTERS: { getByName } as never }),
    ).rejects.toThrow()
    expect(called).toEqual(['2'])
  })

  it('are left after one attempt in an outage, and refreshed when any user is read 20 s later', async () => {
    for (const id of [1, 2]) await send('contribution.created', answers(id, id))
    const worker = workerWithMemory()
    for (const id of [1, 2]) await worker.read(`/v1/users/${id}`)
    const log = breakD1(() => overloaded)
    await settle(worker)
    expect(log.calls).toBe(1)
    vi.restoreAllMocks()
    fireTimers = holdTimers()
    setClock(noon + 20_000)
    await worker.read('/v1/users/404')
    await settle(worker)
    expect(await Promise.all([1, 2].map(stored))).toEqual([1, 2])
  })

  it('are refreshed by another request if the one that refreshes is lost', async () => {
    const logCounts = new LogCounts(() => Date.now())
    for (const id of [1, 2]) await send('contribution.created', answers(id, id))
    await logCounts.read(1, counted)
    void logCounts.refreshCounters(env) // held for ever
    await logCounts.read(2, counted)
    await logCounts.refreshCounters(env)
    expect(await Promise.all([1, 2].map(stored))).toEqual([undefined, undefined])
    setClock(noon + 20_000)
    const refreshing = logCounts.refreshCounters(env)
    fireTimers(pauseMilliseconds)
    await refreshing
    expect(await Promise.all([1, 2].map(stored))).toEqual([1, 2])
  })
})

describe('a user whom the log could not count', () => {
  it('is left to the counter for 10 minutes', async () => {
    const logCounts = new LogCounts(() => Date.now())
    expect(await logCounts.read(1, async () => undefined)).toBeUndefined()
    setClock(noon + 599_999)
    expect(await logCounts.read(1, counted)).toBeUndefined()
    setClock(noon + 600_000)
    expect(await logCounts.read(1, counted)).toEqual({})
  })

  it('is counted again if the caller who was counting hung up', async () => {
    const logCounts = new LogCounts(() => Date.now())
    void logCounts.read(1, async () => new Promise<object>(() => undefined))
    setClock(noon + 1999)
    expect(await logCounts.read(1, counted)).toBeUndefined()
    setClock(noon + 2000)
    expect(await logCounts.read(1, counted)).toEqual({})
  })

  it('and has more than 1,000 events is not counted again by the next reader', async () => {
    await send('contribution.created', answers(1, 1000))
    await send('contribution.created', answers(1, 1))
    const worker = workerWithMemory()
    await worker.read('/v1/users/1')
    await settle(worker)
    setClock(noon + 2000)
    const meter = meterOfAll(env.DB)
    expect((await worker.read('/v1/users/1')).body.lifetime.total).toBe(1001)
    expect(meter.batches).toBe(1)
  })
})

/** The numbers of an answer, which two readers of the same log share; undefined for a 404. */
const numbersOf = ({ status, body }: Json): Json => {
  if (status === 404) return undefined
  const { position: _position, as_of: _asOf, ...numbers } = body
  return numbers
}

it('a count in the log equals brute force, whatever was sent, even while a message arrives', async () => {
  const past = fc.constantFrom(undefined, 0, 7, 30, 400)
  await fc.assert(
    fc.asyncProperty(scenario, past, async ({ deliveries }, days) => {
      await freshLog()
      const asOf = days === undefined ? undefined : noon - 60_000 - days * 86_400_000
      const query = asOf === undefined ? '' : `?as_of=${new Date(asOf).toISOString()}`
      const kept = workerWithMemory()
      const sent: SentMessage[] = []
      const workers = [kept]
      fireTimers(pauseMilliseconds)
      for (const [index, message] of deliveries.entries()) {
        setClock(noon - (deliveries.length - index) * 1000)
        const fresh = workerWithMemory()
        workers.push(fresh)
        const now = Date.now()
        const before = new Oracle([...sent])
        sent.push(message)
        const after = new Oracle([...sent])
        await Promise.all([
          send(message.type, message.data, message.timestamp),
          ...after.userIds().flatMap((id) =>
            [fresh, kept].map(async (worker) => {
              const read = numbersOf(await worker.read(`/v1/users/${id}${query}`))
              const expected = [before, after].map((oracle) =>
                oracle.user(id, asOf ?? now, asOf === undefined),
              )
              expect(expected, `user ${id} after ${index + 1} messages`).toContainEqual(read)
            }),
          ),
        ])
      }
      await settle(...workers)
    }),
    { numRuns: amount(5, 100) },
  )
})
