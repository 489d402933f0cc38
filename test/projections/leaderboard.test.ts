import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LogScans } from '../../src/projections/scans/LogScans.ts'
import { ScanQueue, TooManyScans } from '../../src/projections/scans/scanQueue.ts'
import { rankingOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { scenario } from '../support/scenario.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const day = 86_400_000

const objectOf = (
  of: string,
  windowDays: number | null,
  locale: string | null = null,
  product: string | null = null,
) => rankingOf(env, { of, windowDays, locale, product })

/** Ends an object as a crash does; it has a timer running, so it would not be evicted for a minute. */
const abort = async (object: ReturnType<typeof objectOf>): Promise<void> => {
  await runInDurableObject(object, (_, state) => state.abort()).catch(() => undefined)
}

const give = async (counts: Record<number, number>, fields: Record<string, unknown> = {}): Promise<Json> =>
  send(
    'contribution.created',
    Object.entries(counts).flatMap(([id, count]) =>
      Array.from({ length: count }, () => aContribution({ user: { id: Number(id) }, ...fields })),
    ),
  )

const ranks = ({ entries }: Json): number[][] =>
  entries.map(({ rank, user, count }: Json) => [rank, user.id, count])

const forum = async (query = ''): Promise<Json> => {
  const { position } = await read('/healthz')
  return read(`/v1/leaderboards/support-forum?at_least=${position}${query}`)
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

describe('a rolling window', () => {
  it('equals brute force at its position and instant after any events in any order, evicted or not', async () => {
    const stepsOf = fc.array(
      fc.record({
        messages: fc.integer({ min: 0, max: 6 }),
        milliseconds: fc.constantFrom(2000, 5000, day - 1, day, day + 1, 7 * day, 30 * day),
        evict: fc.constantFrom(true, false, false, false, false),
      }),
      { minLength: 2, maxLength: 5 },
    )
    const kinds = fc.constantFrom(
      { board: 'support-forum', days: 30, query: 'window=30d', filter: {} },
      { board: 'overall', days: 7, query: 'window=7d', filter: {} },
      { board: 'kb', days: null, query: 'window=all', filter: {} },
      { board: 'overall', days: 90, query: 'window=90d&locale=de', filter: { locale: 'de' } },
      { board: 'overall', days: 365, query: 'window=365d&product=', filter: { product: '' } },
    )
    await fc.assert(
      fc.asyncProperty(
        scenario,
        stepsOf,
        kinds,
        async ({ deliveries }, steps, { board, days, query, filter }) => {
          await freshLog()
          let now = noon
          const sent: SentMessage[] = []
          for (const { messages, milliseconds, evict } of steps) {
            setClock(now)
            for (const message of deliveries.slice(sent.length, sent.length + messages)) {
              sent.push(message)
              await send(message.type, message.data, message.timestamp)
            }
            now += milliseconds
            setClock(now)
            const locale = 'locale' in filter ? (filter.locale ?? null) : null
            const product = 'product' in filter ? (filter.product ?? null) : null
            if (evict) await abort(objectOf(board, days, locale, product))
            const span = { from: days === null ? null : now - days * day, to: null }
            const oracle = new Oracle(sent)
            const expected = oracle.board(board, span, filter)
            const whole = await read(`/v1/leaderboards/${board}?${query}&limit=100`)
            expect(whole.entries).toEqual(expected)
            expect([whole.total, whole.as_of]).toEqual([expected.length, new Date(now).toISOString()])
            for (const [place, entry] of expected.entries()) {
              const around = await read(
                `/v1/leaderboards/${board}?${query}&around=${String(entry.user['id'])}&limit=3`,
              )
              const start = Math.max(0, Math.min(place - 1, expected.length - 3))
              expect(around.entries).toEqual(expected.slice(start, start + 3))
              expect(around.standing).toEqual(entry)
            }
            for (const min of [1, 2, 3]) {
              const { value } = await read(`/v1/metrics/active_contributors?min=${min}`)
              const month = { from: now - 30 * day, to: null }
              expect(value).toBe(oracle.metric('active_contributors', month, {}, min))
            }
          }
        },
      ),
      { numRuns: amount(8, 40), endOnFailure: true },
    )
  })

  it('answers a thousand live requests within two seconds with one read of D1', async () => {
    await give({ 1: 3, 2: 2, 3: 1 })
    await forum()
    const counted = meterOfAll(env.DB)
    setClock(noon + 2000)
    const first = await read('/v1/leaderboards/support-forum')
    for (let round = 0; round < 10; round += 1) {
      setClock(noon + 2000 + round * 199)
      const answers = await Promise.all(
        Array.from({ length: 100 }, async () => read('/v1/leaderboards/support-forum')),
      )
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
        new Set([JSON.stringify(first)]),
      )
    }
    expect(counted.batches).toBe(1)
    expect(counted).toMatchObject({ rowsWritten: 0 })
    expect(counted.rowsRead).toBeLessThan(20)
  })

  it('is freed after a minute without readers, and is built again for the next', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    vi.setSystemTime(noon)
    await give({ 1: 3, 2: 2 })
    await forum()
    const counted = meterOfAll(env.DB)
    const batchesOfRead = async (instant: number): Promise<number> => {
      vi.setSystemTime(instant)
      const before = counted.batches
      expect(ranks(await read('/v1/leaderboards/support-forum'))).toEqual([
        [1, 1, 3],
        [2, 2, 2],
      ])
      return counted.batches - before
    }
    vi.advanceTimersByTime(60_000)
    expect(await batchesOfRead(noon + 60_000)).toBe(1)
    vi.advanceTimersByTime(120_000)
    expect(await batchesOfRead(noon + 180_000)).toBeGreaterThan(2)
  })

  it('neither rolls back nor is built again for a request whose clock is behind', async () => {
    await give(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [2000 + index, 1])))
    await forum()
    const counted = meterOfAll(env.DB)
    for (let round = 1; round < 4; round += 1) {
      for (const behind of [0, 1, 2500]) {
        setClock(noon + round * 5000 - behind)
        expect((await read('/v1/leaderboards/support-forum')).total).toBe(300)
      }
    }
    expect(counted.rowsRead).toBeLessThan(200)
  })

  it('writes nothing to its storage', async () => {
    await give({ 1: 3 })
    await forum()
    const tables = await runInDurableObject(objectOf('support-forum', 90), (_, state) =>
      state.storage.sql
        .exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`)
        .toArray(),
    )
    expect(tables).toEqual([])
  })

  it('is not created for a locale or a product that no event has', async () => {
    const { listDurableObjectIds } = await import('cloudflare:test')
    await give({ 1: 1 }, { locale: 'de' })
    const before = await listDurableObjectIds(env.RANKINGS)
    for (const path of ['leaderboards/overall', 'metrics/active_contributors']) {
      for (const query of ['locale=xx', 'product=nothing', 'locale=de&product=nothing']) {
        const answer = await read(`/v1/${path}?${query}`)
        expect([answer.total ?? answer.value, answer.position]).toEqual([0, 1])
        expect((await fetchApi(`/v1/${path}?${query}&at_least=2`)).status).toBe(503)
      }
    }
    expect(await listDurableObjectIds(env.RANKINGS)).toHaveLength(before.length)
    expect((await read('/v1/leaderboards/overall?locale=de')).total).toBe(1)
  })

  it("is built again when the log's epoch changes", async () => {
    await give({ 1: 2 })
    expect(ranks(await forum())).toEqual([[1, 1, 2]])
    await env.DB.batch([
      env.DB.prepare('DROP TRIGGER events_no_delete'),
      env.DB.prepare('DELETE FROM events'),
      env.DB.prepare('UPDATE log SET epoch = lower(hex(randomblob(16)))'),
    ])
    await give({ 2: 1 })
    setClock(noon + 2000)
    expect(ranks(await forum())).toEqual([[1, 2, 1]])
  })
})

describe('a board around a user', () => {
  beforeEach(async () => {
    await give({ 1: 9, 2: 8, 3: 7, 4: 6, 5: 5, 6: 4, 7: 3 })
  })

  const places = async (query: string): Promise<number[]> =>
    (await forum(`&${query}`)).entries.map(({ user }: Json) => user.id)

  for (const [from, asOf] of [
    ['the object', ''],
    ['the log', `&as_of=${new Date(noon).toISOString()}`],
  ]) {
    it(`has the neighbours, and as many at either end, from ${from}`, async () => {
      expect(await places(`around=4&limit=3${asOf}`)).toEqual([3, 4, 5])
      expect(await places(`around=1&limit=3${asOf}`)).toEqual([1, 2, 3])
      expect(await places(`around=2&limit=3${asOf}`)).toEqual([1, 2, 3])
      expect(await places(`around=6&limit=3${asOf}`)).toEqual([5, 6, 7])
      expect(await places(`around=7&limit=3${asOf}`)).toEqual([5, 6, 7])
      expect(await places(`around=7&limit=1${asOf}`)).toEqual([7])
      expect(await places(`around=7${asOf}`)).toEqual([1, 2, 3, 4, 5, 6, 7])
      const board = await forum(`&around=5&limit=5${asOf}`)
      expect(board).toMatchObject({
        total: 7,
        next_cursor: null,
        standing: { rank: 5, count: 5, user: { id: 5 } },
      })
    })

    it(`has no entries for a user who is not on it, from ${from}`, async () => {
      expect(await forum(`&around=99${asOf}`)).toMatchObject({ entries: [], standing: null, total: 7 })
    })
  }

  it('accepts only an odd limit, and no cursor', async () => {
    for (const [query, parameter] of [
      ['around=1&limit=4', 'limit'],
      ['around=0', 'around'],
      ['around=ana', 'around'],
    ]) {
      const response = await fetchApi(`/v1/leaderboards/support-forum?${query}`)
      expect([response.status, ((await response.json()) as Json).errors[0].parameter]).toEqual([
        400,
        parameter,
      ])
    }
    const { next_cursor: cursor } = await forum('&limit=1')
    expect((await fetchApi(`/v1/leaderboards/support-forum?around=1&cursor=${cursor}`)).status).toBe(400)
  })
})

describe('a mistake that other leaderboards make', () => {
  it('ranks restart on each page: here a tie that spans pages keeps its rank', async () => {
    await give({ 1: 2, 2: 2, 3: 2, 4: 1 })
    const first = await forum('&limit=2')
    const second = await read(`/v1/leaderboards/support-forum?limit=2&cursor=${first.next_cursor}`)
    expect([...ranks(first), ...ranks(second)].map(([rank]) => rank)).toEqual([1, 1, 1, 4])
  })

  it('redeliveries change ranks: here redeliveries and conflicts change none', async () => {
    const one = aContribution({ user: { id: 2 } })
    await send('contribution.created', [one, aContribution({ user: { id: 1 } })])
    const before = await forum()
    await send('contribution.created', [one, { ...one, locale: 'de' }])
    setClock(noon + 2000)
    expect(ranks(await forum())).toEqual(ranks(before))
  })

  it('ranks are wrong until a restart: here an overtaking shows after the next refresh', async () => {
    await give({ 1: 2, 2: 1 })
    expect(ranks(await forum())).toEqual([
      [1, 1, 2],
      [2, 2, 1],
    ])
    await give({ 2: 2 })
    expect(ranks(await forum())).toEqual([
      [1, 2, 3],
      [2, 1, 2],
    ])
  })

  it('entries survive a deletion: here a user without contributions disappears, from the total too', async () => {
    const only = aContribution({ user: { id: 9 } })
    await send('contribution.created', only)
    expect((await forum()).total).toBe(1)
    await send('contribution.retracted', { content: only['content'], reason: 'spam' })
    expect(await forum()).toMatchObject({ total: 0, entries: [], next_cursor: null })
  })

  it('ranks repeat: here ranks are consecutive wherever counts differ', async () => {
    await give({ 5: 1, 4: 2, 3: 3, 2: 4, 1: 5 })
    expect((await forum()).entries.map(({ rank }: Json) => rank)).toEqual([1, 2, 3, 4, 5])
  })

  it('caches race under load: here every answer is for one position while events arrive', async () => {
    await give({ 1: 1 })
    const answers: Json[] = []
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        setClock(noon + index * 500)
        if (index % 2 === 0) await give({ 1: 1 })
        else answers.push(await forum())
      }),
    )
    for (const { entries, position } of answers) expect(entries[0].count).toBe(position)
    setClock(noon + 60_000)
    expect(ranks(await forum())).toEqual([[1, 1, 21]])
  })

  it('totals are capped: here 1,205 users are 1,205', async () => {
    for (let batch = 0; batch < 2; batch += 1) {
      const users = Array.from(
        { length: batch === 0 ? 1000 : 205 },
        (_, index) => 2000 + batch * 1000 + index,
      )
      await send(
        'contribution.created',
        users.map((id) => aContribution({ user: { id } })),
      )
    }
    expect((await forum('&limit=1')).total).toBe(1205)
    expect((await forum('&around=3204&limit=1')).standing.rank).toBe(1)
  })

  it('windows reset instead of rolling: here each event leaves at its own millisecond', async () => {
    const occurred = [4000, 4001, 4002].map((after) => new Date(noon - 7 * day + after).toISOString())
    const count = async (instant: number, query = ''): Promise<number> => {
      setClock(instant)
      return (await read(`/v1/leaderboards/support-forum?window=7d${query}`)).entries[0]?.count ?? 0
    }
    for (const [after, left] of [
      [4000, 3],
      [4001, 2],
      [4002, 1],
      [4003, 0],
    ] as const) {
      await freshLog()
      setClock(noon)
      for (const occurred_at of occurred) await give({ 1: 1 }, { occurred_at })
      expect(await count(noon)).toBe(3)
      expect(await count(noon + after), `${after} ms later`).toBe(left)
      const asOf = `&as_of=${new Date(noon + after).toISOString()}`
      expect(await count(noon + after, asOf), `as of ${after} ms later`).toBe(left)
    }
  })

  it('a missed day leaves a hole in the history: here every day of a year has a point', async () => {
    await give({ 1: 1 }, { occurred_at: '2026-03-01T00:00:00Z' })
    const { points } = await read('/v1/metrics/active_contributors/history?from=2026-01-01&to=2026-12-31')
    expect(points).toHaveLength(364)
    expect(points.filter(({ value }: Json) => value === 1)).toHaveLength(30)
  })
})

describe('scans of the log', () => {
  it('are shared by identical requests', async () => {
    await give({ 1: 3, 2: 1 })
    const path = `/v1/leaderboards/support-forum?as_of=${new Date(noon).toISOString()}`
    const answers = await Promise.all(Array.from({ length: 30 }, async () => read(path)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  it('say that too many are waiting, rather than that the log cannot be reached', async () => {
    vi.spyOn(ScanQueue.prototype, 'run').mockRejectedValue(new TooManyScans())
    const response = await fetchApi('/v1/leaderboards/support-forum?window=45d')
    const { detail } = await response.json<Json>()
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(detail).toBe('Cannot answer now: too many scans of the log are waiting; try again in a moment')
  })

  it('can be shared by live requests of the same second', async () => {
    await give({ 1: 3 })
    const asked = vi.spyOn(ScanQueue.prototype, 'share')
    const moving = ['window=45d', 'measure=days'] as const
    for (const [path, one, other] of [
      ['/v1/leaderboards/support-forum', ...moving],
      ['/v1/metrics/active_contributors', ...moving],
      ['/v1/metrics/active_contributors/users', ...moving],
      ['/v1/metrics/active_contributors/history', 'interval=week', 'locale=de'],
      ['/v1/volume', 'interval=week', 'group_by=type'],
    ]) {
      asked.mockClear()
      setClock(noon + 1)
      await read(`${path}?${one}&${other}`)
      setClock(noon + 998)
      await read(`${path}?${other}&${one}`) // Another address, so that it is not answered from memory.
      const questions = asked.mock.calls.map(([question]) => question)
      expect([questions.length, new Set(questions).size], path).toEqual([2, 1])
    }
  })

  it('run one at a time for filtered rankings, however many are requested at once', async () => {
    const locales = ['de', 'fr', 'it', 'es', 'pt', 'nl']
    for (const locale of locales) await give({ 1: 2, 2: 1 }, { locale })
    const path = (locale: string, window: string): string =>
      `/v1/metrics/active_contributors?window=${window}&locale=${locale}`
    // After this, only the windows themselves are read from D1.
    for (const locale of locales) await read(path(locale, '7d'))
    let [running, most] = [0, 0]
    const prototype: D1Database = Object.getPrototypeOf(env.DB)
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { batch } = prototype
    vi.spyOn(prototype, 'batch').mockImplementation(async function slow(this: D1Database, statements) {
      most = Math.max(most, (running += 1))
      await new Promise((resolve) => setTimeout(resolve, 5))
      return await batch.call(this, statements).finally(() => (running -= 1))
    })
    const values = await Promise.all(locales.map(async (locale) => (await read(path(locale, '365d'))).value))
    expect(values).toEqual(locales.map(() => 2))
    expect(most).toBe(1)
  })

  it('run one at a time for unfiltered rankings, which wait longer than filtered ones', async () => {
    await give({ 1: 12 }, { locale: 'de' })
    await read('/v1/metrics/active_contributors?window=31d&locale=de')
    const inTurn = vi.spyOn(LogScans.prototype, 'inTurn')
    let [running, most] = [0, 0]
    const prototype: D1Database = Object.getPrototypeOf(env.DB)
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { batch } = prototype
    vi.spyOn(prototype, 'batch').mockImplementation(async function slow(this: D1Database, statements) {
      most = Math.max(most, (running += 1))
      await scheduler.wait(5)
      return await batch.call(this, statements).finally(() => (running -= 1))
    })
    const windows = ['7d', '30d', '90d', '365d', 'all']
    const valueOf = async (query: string): Promise<number> =>
      (await read(`/v1/metrics/active_contributors?${query}`)).value
    const values = await Promise.all(windows.map(async (window) => valueOf(`window=${window}`)))
    expect([values, most]).toEqual([[1, 1, 1, 1, 1], 1])
    expect(await valueOf('window=7d&locale=de')).toBe(1)
    expect(inTurn.mock.calls.map(([patience]) => patience)).toEqual([...windows.map(() => 60_000), 2000])
  })

  it('fail if they waited too long, and the ranking is built for the next request', async () => {
    await give({ 1: 2 }, { locale: 'de' })
    const { promise: endless, resolve: finish } = Promise.withResolvers<boolean>()
    const other = env.LOG_SCANS.getByName('log').inTurn(2000, async () => endless)
    const path = '/v1/leaderboards/support-forum?locale=de'
    const refused = await fetchApi(path)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    await refused.body?.cancel()
    // A ranking without a filter waits for its turn: without it, every page of the board would be empty.
    const patient = read('/v1/leaderboards/support-forum')
    await scheduler.wait(10)
    finish(true)
    await other
    expect(ranks(await patient)).toEqual([[1, 1, 2]])
    expect(ranks(await read(path))).toEqual([[1, 1, 2]])
  })
})
