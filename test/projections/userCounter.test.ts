import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll, type Meter } from '../support/meter.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const counterOf = (id: number) => env.USER_COUNTERS.getByName(String(id))

/** Puts a meter on D1, and one on a counter's own storage; both count what the platform reports. */
const meter = async (id: number): Promise<{ d1: Meter; storage: { written: number } }> => {
  const storage = { written: 0 }
  await runInDurableObject(counterOf(id), (_, state) => {
    const exec = state.storage.sql.exec.bind(state.storage.sql)
    const spy = (...parameters: Parameters<typeof exec>): Json => {
      const cursor = exec(...parameters)
      const isWrite = /^\s*(INSERT|CREATE|DROP)/.test(parameters[0])
      if (isWrite) storage.written += cursor.rowsWritten
      return cursor
    }
    vi.spyOn(Object.getPrototypeOf(state.storage.sql), 'exec').mockImplementation(spy as Json)
  })
  return { d1: meterOfAll(env.DB), storage }
}

const tablesOf = async (id: number): Promise<string[]> =>
  runInDurableObject(counterOf(id), (_, state) =>
    state.storage.sql
      .exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`)
      .toArray()
      .map(({ name }) => name),
  )

const answers = (id: number, count: number): Json[] =>
  Array.from({ length: count }, () => aContribution({ user: { id } }))

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

describe('a counter', () => {
  it('reads the log at most once a second, for any requests', async () => {
    await send('contribution.created', answers(1, 3))
    await read('/v1/users/1')
    const { d1 } = await meter(1)
    for (let count = 0; count < 5; count += 1) await read('/v1/users/1')
    setClock(noon + 999)
    await read('/v1/users/1/calendar')
    expect(d1.batches).toBe(0)
    setClock(noon + 1000)
    await read('/v1/users/1')
    expect(d1.batches).toBe(1)
  })

  it('reads the log once for all concurrent requests', async () => {
    await send('contribution.created', answers(1, 3))
    await read('/v1/users/1')
    const { d1 } = await meter(1)
    setClock(noon + 1000)
    const totals = await Promise.all(
      Array.from({ length: 50 }, async () => (await read('/v1/users/1')).lifetime.total),
    )
    expect(new Set(totals)).toEqual(new Set([3]))
    expect(d1.batches).toBe(1)
  })

  it('reads at most 4 rows and writes none if it finds no new entry', async () => {
    await send('contribution.created', answers(1, 3))
    await send('contribution.created', answers(2, 50))
    await read('/v1/users/1')
    const { d1, storage } = await meter(1)
    setClock(noon + 1000)
    await read('/v1/users/1')
    expect(d1).toMatchObject({ batches: 1, rowsWritten: 0 })
    expect(d1.rowsRead).toBeLessThanOrEqual(4)
    expect(storage.written).toBe(0)
  })

  it('reads at most 5 + k rows and writes k + 1 if it finds k entries, and writes 1 if only the profile changed', async () => {
    await send('contribution.created', answers(1, 3))
    await read('/v1/users/1')
    const { d1, storage } = await meter(1)
    await send('contribution.created', answers(1, 5))
    setClock(noon + 1000)
    const before = d1.rowsRead
    expect((await read('/v1/users/1')).lifetime.total).toBe(8)
    expect(d1.rowsRead - before).toBeLessThanOrEqual(10)
    expect(storage.written).toBe(6)
    await send('user.updated', { id: 1, username: 'ana' })
    setClock(noon + 2000)
    expect((await read('/v1/users/1')).user.username).toBe('ana')
    expect(storage.written).toBe(7)
  })

  it('reads the log again at once for a position that it has not reached, and answers 503 if the log has not reached it either', async () => {
    await send('contribution.created', answers(1, 1))
    await read('/v1/users/1')
    const { position } = await send('contribution.created', answers(1, 1))
    expect((await read('/v1/users/1')).lifetime.total).toBe(1)
    expect(await read(`/v1/users/1?at_least=${position}`)).toMatchObject({ position, lifetime: { total: 2 } })
    const response = await fetchApi(`/v1/users/1?at_least=${position + 1}`)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await response.json()).toMatchObject({ type: '/problems/unavailable' })
  })

  it('reads the log page by page for a user with very many events', async () => {
    for (let batch = 0; batch < 11; batch += 1) await send('contribution.created', answers(1, 1000))
    expect((await read('/v1/users/1')).lifetime.answer).toBe(11_000)
  })

  it('reads as many events with the longest names as with short ones', async () => {
    const longest = (index: number): Json => ({
      content: { type: 'c'.repeat(64), id: `${index + 1000}${'\u{10FFFD}'.repeat(124)}` },
      parent: { type: 'p'.repeat(64), id: '\u{10FFFD}'.repeat(128) },
      locale: 'en-aaaaaaaa-bbbbbbbb-cccccccc-ddddd',
      product: 'p'.repeat(64),
    })
    for (let batch = 0; batch < 4; batch += 1) {
      const items = Array.from({ length: 300 }, (_, index) =>
        aContribution({ user: { id: 1 }, ...longest(300 * batch + index) }),
      )
      await send('contribution.created', items)
    }
    expect((await read('/v1/users/1')).lifetime.answer).toBe(1200)
  })
})

describe('the answer of a counter', () => {
  it('is the same while the counter is rebuilt', async () => {
    // Several pages of events, so that half a rebuild would show.
    for (let batch = 0; batch < 6; batch += 1) await send('contribution.created', answers(1, 1000))
    await read('/v1/users/1')
    const rebuilt = counterOf(1).rebuild(noon)
    const totals: number[] = []
    const progress = { isDone: false }
    void rebuilt.finally(() => (progress.isDone = true))
    while (!progress.isDone) totals.push((await read('/v1/users/1')).lifetime.total)
    expect(await rebuilt).toBeUndefined()
    expect(new Set(totals)).toEqual(new Set([6000]))
  })

  it('is the same after the counter was evicted, from its own storage', async () => {
    await send('contribution.created', [
      ...answers(1, 3),
      aContribution({ user: { id: 1 }, type: 'kb_edit', parent: { type: 'd', id: 'x' } }),
    ])
    const before = await read('/v1/users/1')
    await evictDurableObject(counterOf(1))
    const { storage } = await meter(1)
    expect(await read('/v1/users/1')).toEqual(before)
    expect(storage.written).toBe(0)
  })

  it('is the same after the storage was lost', async () => {
    await send('contribution.created', answers(1, 3))
    await send('contribution.retracted', {
      content: (await read('/v1/users/1/contributions')).contributions[0].content,
      reason: 'spam',
    })
    setClock(noon + 1000)
    const before = await read('/v1/users/1')
    expect(before.lifetime.total).toBe(2)
    await runInDurableObject(counterOf(1), async (_, state) => state.storage.deleteAll())
    await evictDurableObject(counterOf(1))
    expect(await read('/v1/users/1')).toEqual(before)
  })

  it('is that of the restored log after the log was restored to an earlier state and its epoch was renewed', async () => {
    await send('contribution.created', answers(1, 3))
    expect((await read('/v1/users/1')).lifetime.total).toBe(3)
    const old = await env.DB.prepare('SELECT epoch FROM log').first('epoch')
    await freshLogOfAnotherEpoch()
    expect(await env.DB.prepare('SELECT epoch FROM log').first('epoch')).not.toBe(old)
    await send('contribution.created', answers(1, 1))
    setClock(noon + 1000)
    expect(await read('/v1/users/1')).toMatchObject({ position: 1, lifetime: { total: 1 } })
  })

  it('is the same when requests and new events interleave with the refreshes', async () => {
    const sent = Array.from({ length: 20 }, (_, index) => index)
    const seen: number[] = []
    await Promise.all(
      sent.map(async (index) => {
        const { position } = await send('contribution.created', answers(1, 2))
        setClock(noon + index * 400)
        seen.push((await read(`/v1/users/1?at_least=${position}`)).lifetime.total)
      }),
    )
    setClock(noon + 60_000)
    expect((await read('/v1/users/1')).lifetime.total).toBe(40)
    expect(seen.every((total) => total % 2 === 0 && total > 0)).toBe(true)
  })
})

/** The database after a restore: other rows and another epoch. Counters keep what they stored. */
const freshLogOfAnotherEpoch = async (): Promise<void> => {
  const names = ['events_no_delete', 'events_no_update']
  await env.DB.batch([
    ...names.map((name) => env.DB.prepare(`DROP TRIGGER ${name}`)),
    env.DB.prepare('DELETE FROM events'),
    env.DB.prepare('UPDATE log SET epoch = lower(hex(randomblob(16)))'),
  ])
}

describe('a counter of a user', () => {
  it('answers 404 and stores nothing if no message has named the user', async () => {
    for (const path of ['/v1/users/404', '/v1/users/404/contributions'])
      expect((await fetchApi(path)).status).toBe(404)
    expect(await tablesOf(404)).toEqual([])
    await send('user.updated', { id: 404 })
    setClock(noon + 1000)
    expect((await read('/v1/users/404')).lifetime.total).toBe(0)
    expect(await tablesOf(404)).toEqual(['counter', 'events'])
  })

  it('is exact to the millisecond at both ends of every window, live and at an instant', async () => {
    const day = 86_400_000
    for (const days of [7, 30, 90, 365]) {
      for (const off of [-1, 0, 1]) {
        const occurred_at = new Date(noon - days * day + off).toISOString()
        await send('contribution.created', aContribution({ user: { id: days }, occurred_at }))
      }
      const count = async (query = ''): Promise<number> =>
        (await read(`/v1/users/${days}${query}`)).windows[`${days}d`].total
      setClock(noon - 1)
      expect(await count()).toBe(3)
      setClock(noon)
      expect(await count()).toBe(2)
      setClock(noon + 1)
      expect(await count()).toBe(1)
      setClock(noon + 2)
      expect(await count()).toBe(0)
      expect(await count(`?as_of=${new Date(noon).toISOString()}`)).toBe(2)
      expect(await count(`?as_of=${new Date(noon - days * day + 1).toISOString()}`)).toBe(2)
      setClock(noon)
    }
  })
})
