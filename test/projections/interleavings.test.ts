import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rankingOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { aContribution, read, send, type Json } from '../support/site.ts'

const forum = '/v1/leaderboards/support-forum'

const boardOf = (of = 'support-forum', locale: string | null = null) =>
  rankingOf(env, { of, windowDays: 90, locale, product: null })
const counter = () => env.USER_COUNTERS.getByName('1')
const summary = () => env.LOG_SUMMARY.getByName('log')
const scans = () => env.LOG_SCANS.getByName('log')

/** Records `count` answers of a user. */
const give = async (id: number, count: number, fields: Record<string, unknown> = {}): Promise<void> => {
  const contributions = Array.from({ length: count }, () => aContribution({ user: { id }, ...fields }))
  await send('contribution.created', contributions)
}

const places = ({ entries }: Json): number[][] =>
  entries.map(({ rank, user, count }: Json) => [rank, user.id, count])

const abort = async (stub: DurableObjectStub): Promise<void> => {
  await runInDurableObject(stub, (_, state) => state.abort('reset by a test')).catch(() => undefined)
}

const pause = async (): Promise<void> => await scheduler.wait(20)

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

/** What D1 said of one user's count, changed; what is read after the release is right again. */
const tallyOf99 = (results: D1Result[]): void => {
  for (const row of results.flatMap(({ results: rows }) => rows as Json[])) {
    if ('deltas' in row) row.deltas = row.deltas.replace('3', '99')
  }
}

describe('a ranking', () => {
  it('is complete after its refresh waited two minutes for D1', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    vi.setSystemTime(noon)
    await give(1, 3)
    await read(forum)
    await give(1, 1)
    vi.setSystemTime(noon + 5000)
    const log = holdD1()
    const first = boardOf().page({ now: noon + 5000, atLeast: 4 }, { limit: 10 })
    await log.reached()
    vi.advanceTimersByTime(180_000)
    log.release()
    expect(places(await first)).toEqual([[1, 1, 4]])
    expect(places(await read(forum))).toEqual([[1, 1, 4]])
  })

  it('is built again if a rebuild is requested while it is built', async () => {
    await give(1, 3)
    const log = holdD1(tallyOf99)
    const first = boardOf().page({ now: noon, atLeast: 0 }, { limit: 10 })
    // D1 is asked for the end of the log, then for the end of the first slice, then for the slice.
    for (const _ of ['head', 'end']) {
      await log.reached()
      log.step()
    }
    await log.reached()
    log.passOthers()
    const rebuilt = boardOf().rebuild(noon)
    await pause()
    log.release()
    expect([await rebuilt, places(await first)]).toEqual([undefined, [[1, 1, 3]]])
  })

  it('shows the details of a page although its memory was freed while they were read', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    vi.setSystemTime(noon)
    const data = Array.from({ length: 120 }, (_, index) => aContribution({ user: { id: 1 + index } }))
    await send('contribution.created', data)
    await read(forum)
    const log = holdD1()
    const page = boardOf().page({ now: noon, atLeast: 0 }, { limit: 1, around: 120 })
    await log.reached()
    log.passOthers()
    vi.advanceTimersByTime(180_000)
    log.release()
    expect(places(await page)).toEqual([[1, 120, 1]])
  })

  it('makes a reader wait while it is built for a restored log, however recent its last refresh', async () => {
    await give(1, 3)
    await read(forum)
    await env.DB.prepare('UPDATE log SET epoch = lower(hex(randomblob(16)))').run()
    const log = holdD1()
    const first = boardOf().page({ now: noon + 2000, atLeast: 0 }, { limit: 10 })
    await log.reached()
    log.step()
    await log.reached()
    const second = boardOf().page({ now: noon + 1000, atLeast: 0 }, { limit: 10 })
    await pause()
    log.release()
    expect([places(await first), places(await second)]).toEqual([[[1, 1, 3]], [[1, 1, 3]]])
  })
})

describe('a rebuild that is requested during a refresh', () => {
  it('corrects the summary of the log', async () => {
    await give(1, 3)
    await read('/v1/status')
    await runInDurableObject(summary(), (_, { storage }) => {
      const state = storage.kv.get<{ totals: object }>('state')
      storage.kv.put('state', { ...state, totals: { ...state?.totals, contributions: 99 } })
    })
    await evictDurableObject(summary())
    await give(1, 1)
    const log = holdD1()
    const first = summary().totals({ now: noon + 2000, atLeast: 4 })
    await log.reached()
    const rebuilt = summary().rebuild(noon + 2000)
    await pause()
    log.release()
    expect([await rebuilt, await first]).toMatchObject([
      undefined,
      { position: 4, totals: { contributions: 4 } },
    ])
  })

  it('corrects a counter', async () => {
    await give(1, 3)
    await read('/v1/users/1')
    await runInDurableObject(counter(), (_, { storage }) => void storage.sql.exec('DELETE FROM events'))
    await evictDurableObject(counter())
    await give(1, 1)
    const log = holdD1()
    const first = counter().count({ now: noon + 2000, atLeast: 4 }, undefined)
    await log.reached()
    const rebuilt = counter().rebuild(noon + 2000)
    await pause()
    log.release()
    expect([await rebuilt, await first]).toMatchObject([
      undefined,
      { position: 4, counts: { lifetime: { total: 4 } } },
    ])
  })

  it('corrects a counter during its first refresh', async () => {
    await give(1, 3)
    const log = holdD1((results) => void results.at(-1)?.results.pop())
    const first = counter().count({ now: noon, atLeast: 0 }, undefined)
    await log.reached()
    log.passOthers()
    const rebuilt = counter().rebuild(noon)
    await pause()
    log.release()
    expect([await rebuilt, await first]).toMatchObject([
      undefined,
      { position: 3, counts: { lifetime: { total: 3 } } },
    ])
  })
})

describe('a scan', () => {
  it('counts up to the position at which it began, whatever is recorded while it waits for D1', async () => {
    await give(1, 3)
    const log = holdD1()
    const asOf = new Date(noon).toISOString()
    const scanned = read(`/v1/metrics/active_contributors?min=4&as_of=${asOf}&window=31d`)
    await log.reached()
    log.passOthers()
    await give(1, 1, { occurred_at: '2026-11-20T11:00:00Z' })
    log.release()
    expect(await scanned).toMatchObject({ position: 3, value: 0 })
  })
})

describe('the queue of scans', () => {
  const german = `${forum}?locale=de`
  const french = `${forum}?locale=fr`

  beforeEach(async () => {
    await give(1, 2, { locale: 'de' })
    await give(2, 1, { locale: 'fr' })
  })

  it('gives a turn to an object that replaced one whose turn was pending', async () => {
    const { promise: occupied, resolve: leave } = Promise.withResolvers<boolean>()
    const other = scans().inTurn(2000, async () => occupied)
    const lost = boardOf('support-forum', 'de').page({ now: noon, atLeast: 0 }, { limit: 10 })
    const outcome = lost.catch(() => 'lost')
    await pause()
    await abort(boardOf('support-forum', 'de'))
    expect(await outcome).toBe('lost')
    const answer = read(german)
    await pause()
    leave(true)
    await other
    expect(places(await answer)).toEqual([[1, 1, 2]])
  })

  it('continues when the object that has the turn is reset', async () => {
    const log = holdD1()
    const lost = boardOf('support-forum', 'de').page({ now: noon, atLeast: 0 }, { limit: 10 })
    const outcome = lost.catch(() => 'lost')
    await log.reached()
    log.passOthers()
    await abort(boardOf('support-forum', 'de'))
    expect(await outcome).toBe('lost')
    expect(places(await read(french))).toEqual([[1, 2, 1]])
    expect(places(await read(german))).toEqual([[1, 1, 2]])
  })

  it('lets a ranking be completed when the queue is reset, and continues', async () => {
    const log = holdD1()
    const first = boardOf('support-forum', 'de').page({ now: noon, atLeast: 0 }, { limit: 10 })
    await log.reached()
    log.passOthers()
    await abort(scans())
    log.release()
    expect(places(await first)).toEqual([[1, 1, 2]])
    expect(places(await read(french))).toEqual([[1, 2, 1]])
  })
})
