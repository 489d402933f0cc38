import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isFailure } from '../../src/failure.ts'
import { AnswerMemory, type SentAnswer } from '../../src/memory/AnswerMemory.ts'
import type { Reflected, UserCounter } from '../../src/projections/user/UserCounter.ts'
import { noon, setClock } from '../support/clock.ts'
import { breakD1, takeD1Out } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { types } from '../support/oracle.ts'
import { aContribution, send, sign } from '../support/site.ts'
import { takeBookmark } from '../support/timeTravel.ts'
import { isFromMemory, workerWithMemory, type MemoryWorker } from './support/workerWithMemory.ts'

const day = 86_400_000

let worker: MemoryWorker

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
  worker = workerWithMemory()
  await send('contribution.created', [
    aContribution({ user: { id: 1, username: 'ana' } }),
    aContribution({ user: { id: 1 }, occurred_at: new Date(noon - 7 * day + 10_000).toISOString() }),
    aContribution({ user: { id: 2 } }),
  ])
})

afterEach(() => vi.restoreAllMocks())

/** Reads as busy callers do until `until`, so that the tail of the log is followed and vouches for user 1. */
const warmUp = async (until = noon + 3000): Promise<void> => {
  for (let now = noon; now <= until; now += 500) {
    setClock(now)
    await worker.read('/v1/users/1')
    await worker.settle()
  }
}

/** Reads user 1 at these milliseconds after noon, so that the tail of the log is read too. */
const readAt = async (...instants: number[]): Promise<void> => {
  for (const milliseconds of instants) {
    setClock(noon + milliseconds)
    await worker.read('/v1/users/1')
    await worker.settle()
  }
}

describe('an answer about a user', () => {
  it('is given from memory, for the current instant and log position, while only other users change', async () => {
    await warmUp()
    const { position } = await send('contribution.created', aContribution({ user: { id: 2 } }))
    setClock(noon + 3500)
    const first = await worker.read('/v1/users/1')
    await worker.settle()
    setClock(noon + 3600)
    const second = await worker.read('/v1/users/1')
    const { as_of, position: before, ...numbers } = first.body
    expect([first.isFromMemory, before, as_of]).toEqual([
      true,
      position - 1,
      new Date(noon + 3500).toISOString(),
    ])
    expect(second).toEqual({
      status: 200,
      age: undefined,
      isFromMemory: true,
      body: { ...numbers, as_of: new Date(noon + 3600).toISOString(), position },
    })
  })

  it('costs no call, and one query of five rows every half second for all readers together', async () => {
    await warmUp()
    setClock(noon + 3500)
    const meter = meterOfAll(env.DB)
    const reads = Array.from({ length: 50 }, async () => worker.read('/v1/users/1'))
    expect((await Promise.all(reads)).every((read) => read.isFromMemory)).toBe(true)
    await worker.settle()
    setClock(noon + 3999)
    await worker.read('/v1/users/1')
    await worker.settle()
    expect(meter).toMatchObject({ batches: 1, rowsRead: 5, rowsWritten: 0 })
  })

  it('is read again within a second of a change, even of a name', async () => {
    await warmUp()
    await send('user.updated', { id: 1, username: 'anna' }, noon + 3000)
    setClock(noon + 3999)
    await worker.read('/v1/users/1')
    await worker.settle()
    setClock(noon + 4000)
    const { body, isFromMemory: remembered } = await worker.read('/v1/users/1')
    expect([remembered, body.user.username]).toEqual([false, 'anna'])
  })

  it('is read again once for its own new contribution, and then given from memory with it', async () => {
    await warmUp()
    const { position } = await send('contribution.created', aContribution({ user: { id: 1 } }))
    const seen: unknown[] = []
    for (const milliseconds of [3500, 4000, 4400]) {
      setClock(noon + milliseconds)
      const { body, isFromMemory: remembered } = await worker.read('/v1/users/1')
      seen.push([remembered, body.position, body.lifetime.total])
      await worker.settle()
    }
    expect(seen).toEqual([
      [true, position - 1, 2],
      [false, position, 3],
      [true, position, 3],
    ])
  })

  it('is read again at the instant when an event leaves a window', async () => {
    await warmUp(noon + 10_000)
    const before = await worker.read('/v1/users/1')
    setClock(noon + 10_001)
    const after = await worker.read('/v1/users/1')
    const weeks = [before, after].map(({ body, isFromMemory: remembered }) => [
      remembered,
      body.windows['7d'].total,
    ])
    expect(weeks).toEqual([
      [true, 2],
      [false, 1],
    ])
  })

  it('is not given from memory once D1 has failed for a second: its Age is true', async () => {
    await warmUp()
    const endOutage = takeD1Out()
    setClock(noon + 3999)
    const soon = await worker.read('/v1/users/1')
    await worker.settle()
    setClock(noon + 5000)
    const later = await worker.read('/v1/users/1')
    endOutage()
    // The counter itself last read the log before the memory began to answer.
    expect([soon.isFromMemory, soon.age, later.isFromMemory, later.age]).toEqual([true, undefined, false, 3])
    await worker.settle()
  })

  it('is not given from memory while a read of the tail hangs, and another begins after 15 seconds', async () => {
    await warmUp()
    const log = breakD1(() => ({ hangs: true, commits: false }))
    setClock(noon + 3500)
    await worker.read('/v1/users/1')
    expect(log.calls).toBe(1)
    vi.restoreAllMocks()
    const ages: unknown[] = []
    for (let now = noon + 4000; now <= noon + 19_000; now += 500) {
      setClock(now)
      const { isFromMemory: remembered } = await worker.read('/v1/users/1')
      ages.push(remembered)
    }
    // 15 s after the read that hangs, a new one begins; half a second later its result vouches again.
    expect(ages).toEqual([...Array.from({ length: 30 }, () => false), true])
  })

  it('is not kept if it was read before a change and arrives after it', async () => {
    await warmUp()
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    await readAt(3500)
    setClock(noon + 4000)
    const log = holdD1()
    const reading = worker.read('/v1/users/1')
    // The counter and the tail have read the log; then the user changes.
    await log.reached(2)
    log.passOthers()
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    log.release()
    expect((await reading).body.lifetime.total).toBe(3)
    await worker.settle()
    await readAt(4500)
    setClock(noon + 5000)
    expect((await worker.read('/v1/users/1')).body.lifetime.total).toBe(4)
    await worker.settle()
  })
})

describe('an answer about a user that may have become wrong', () => {
  it.each<[string, (reflects: Reflected) => Reflected | undefined]>([
    ['what it reflects', () => undefined],
    ['when it read the log', (reflects) => ({ ...reflects, lag: undefined })],
  ])('is not reused if its counter, of an earlier deployment, does not say %s', async (_, asBefore) => {
    await runInDurableObject(env.USER_COUNTERS.getByName('1'), (counter: UserCounter) => {
      const prototype = Object.getPrototypeOf(counter) as UserCounter
      // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
      const { calendar } = prototype
      vi.spyOn(prototype, 'calendar').mockImplementation(async function old(this: UserCounter, ...given) {
        const found = await calendar.apply(this, given)
        return isFailure(found) ? found : { ...found, reflects: found.reflects && asBefore(found.reflects) }
      })
    })
    await warmUp()
    setClock(noon + 3400)
    const answers = [await worker.read('/v1/users/1/calendar'), await worker.read('/v1/users/1/calendar')]
    expect(answers.map(({ isFromMemory: remembered }) => remembered)).toEqual([false, false])
  })

  it('is read again within a minute after an audit has repaired its counter', async () => {
    const counter = env.USER_COUNTERS.getByName('2')
    await worker.read('/v1/users/2/calendar')
    await worker.settle()
    await runInDurableObject(counter, (_, { storage }) => void storage.sql.exec('DELETE FROM events'))
    await evictDurableObject(counter)
    const totals: unknown[] = []
    for (let milliseconds = 900; milliseconds <= 67_500; milliseconds += 900) {
      setClock(noon + milliseconds)
      totals.push((await worker.read('/v1/users/2/calendar')).body.total)
      await worker.settle()
      if (milliseconds === 6300) await counter.rebuild(noon + milliseconds)
    }
    expect([totals[6], totals[7], totals.at(-1)]).toEqual([0, 0, 1])
  })

  it('is read again after a restore that took back its event, although the epoch is the old one', async () => {
    const restore = await takeBookmark()
    await warmUp()
    setClock(noon + 3100)
    await send('contribution.created', aContribution({ user: { id: 2 } }))
    expect((await worker.read('/v1/users/2')).body.lifetime.total).toBe(2)
    await restore()
    await readAt(3500, 4000)
    setClock(noon + 4201)
    const { body, isFromMemory: remembered } = await worker.read('/v1/users/2')
    expect([remembered, body.lifetime.total]).toEqual([false, 1])
  })

  it('is read again after the history was declared complete and incomplete between two reads of the tail', async () => {
    const declare = async (complete: boolean, at: number): Promise<void> => {
      const since = complete ? {} : { since: null }
      for (const type of types) await send('coverage.declared', { type, complete, ...since }, at)
    }
    await warmUp()
    setClock(noon + 3100)
    await declare(true, noon)
    expect((await worker.read('/v1/users/2')).body.complete).toBe(true)
    await declare(false, noon + 1000)
    await readAt(3500, 4000)
    setClock(noon + 4201)
    const { body, isFromMemory: remembered } = await worker.read('/v1/users/2')
    expect([remembered, body.complete]).toEqual([false, false])
  })

  it('is not kept if its cursor pins an instant that this isolate has not reached', async () => {
    await warmUp()
    setClock(noon + 3900)
    const { body: first } = await worker.read('/v1/users/1/contributions?limit=1')
    const next = `/v1/users/1/contributions?limit=1&cursor=${first.next_cursor}`
    setClock(noon + 3500)
    const answers = [await worker.read(next), await worker.read(next)]
    expect(answers.map(({ body, isFromMemory: remembered }) => [remembered, body.as_of])).toEqual([
      [false, first.as_of],
      [false, first.as_of],
    ])
  })
})

describe('the tail of the log', () => {
  it('is not read for a user who is read once a second: no answer would be given from memory', async () => {
    await worker.read('/v1/users/1')
    await worker.settle()
    const meter = meterOfAll(env.DB)
    for (let count = 1; count <= 10; count += 1) {
      setClock(noon + count * 1000)
      await worker.read('/v1/users/1')
      await worker.settle()
    }
    expect(meter.batches).toBe(20) // each time, the count and the refresh of the counter
  })

  it('vouches for an answer that was read right after it, but not for one whose counter read the log before it', async () => {
    await send('contribution.created', aContribution({ user: { id: 3 } }))
    const [built, later] = ['/v1/users/1/calendar', '/v1/users/3/calendar']
    await worker.read('/v1/users/2')
    await worker.settle()
    setClock(noon + 1500)
    await workerWithMemory().read(built)
    setClock(noon + 1600)
    for (let count = 0; count < 3; count += 1) await worker.read('/v1/users/2')
    await worker.settle()
    setClock(noon + 1850)
    const first = [await worker.read(built), await worker.read(later)]
    setClock(noon + 1851)
    const second = [await worker.read(built), await worker.read(later)]
    setClock(noon + 2500)
    const third = await worker.read(built)
    await worker.settle()
    setClock(noon + 2501)
    const fourth = await worker.read(built)
    const remembered = [...first, ...second, third, fourth].map((read) => read.isFromMemory)
    expect(remembered).toEqual([false, false, false, true, false, true])
  })

  it('is followed as soon as two users were read within a second, though neither was in memory', async () => {
    await send('contribution.created', aContribution({ user: { id: 3 } }))
    const remembered: boolean[] = []
    for (const [milliseconds, path] of [
      [0, '/v1/users/1'],
      [100, '/v1/users/2'],
      [200, '/v1/users/2'],
      [500, '/v1/users/3'],
      [600, '/v1/users/3'],
    ] as const) {
      setClock(noon + milliseconds)
      remembered.push((await worker.read(path)).isFromMemory)
      await worker.settle()
    }
    expect(remembered).toEqual([false, false, false, false, true])
  })

  it('vouches for many users who are read in turn', async () => {
    const users = Array.from({ length: 40 }, (_, index) => index + 1)
    await send(
      'contribution.created',
      users.map((id) => aContribution({ user: { id } })),
    )
    let fromMemory = 0
    for (let milliseconds = 0; milliseconds < 6000; milliseconds += 25) {
      setClock(noon + milliseconds)
      const read = await worker.read(`/v1/users/${((milliseconds / 25) % 40) + 1}`)
      await worker.settle()
      if (milliseconds >= 5000 && read.isFromMemory) fromMemory += 1
    }
    expect(fromMemory).toBe(40)
  })
})

/** Every kind of answer that is kept. */
const kept = [
  '/v1/users/1',
  '/v1/users/1?as_of=2026-11-20T11:00:00.000Z',
  '/v1/users/1/contributions',
  '/v1/users/1/contributions.csv',
  '/v1/users/1/calendar',
  '/v1/users/1/card.svg',
  '/v1/users/1/badge.json',
  '/v1/leaderboards',
  '/v1/leaderboards/overall',
  '/v1/leaderboards/overall?limit=1',
  '/v1/leaderboards/overall.csv?limit=1',
  '/v1/metrics',
  '/v1/metrics/active_contributors',
  '/v1/metrics/active_contributors/history',
  '/v1/status',
  '/healthz',
]

/** Headers, except those that say for which instant and how. */
const lastingHeaders = ({ headers }: Response): [string, string][] =>
  [...headers].filter(([name]) => !/^(?:server-timing|perennial-)/.test(name))

describe.each(kept)('%s', (path) => {
  /** The answer as it is read anew and from memory, to GET or to a conditional request by a method. */
  const readBoth = async (method?: 'GET' | 'HEAD'): Promise<[Response, Response]> => {
    await readAt(2500, 2500)
    const etag = (await worker.fetchApi(path)).headers.get('etag')
    const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag }
    const init: RequestInit = method ? { method, headers } : {}
    return [await workerWithMemory().fetchApi(path, init), await worker.fetchApi(path, init)]
  }

  beforeEach(async () => await readAt(0, 0, 0))

  it('is the same from memory as when it is read again, with all headers', async () => {
    const [fresh, again] = await readBoth()
    expect([isFromMemory(fresh), isFromMemory(again)]).toEqual([false, true])
    expect([again.status, lastingHeaders(again), await again.text()]).toEqual([
      200,
      lastingHeaders(fresh),
      await fresh.text(),
    ])
  })

  it.each(['GET', 'HEAD'] as const)(
    'answers %s with If-None-Match from memory as when it is read again',
    async (method) => {
      const [fresh, again] = await readBoth(method)
      expect([again.status, lastingHeaders(again), await again.text()]).toEqual([
        fresh.status,
        lastingHeaders(fresh),
        await fresh.text(),
      ])
    },
  )
})

it('a list with the at_least of a fact about its content shows that fact at once, although no number changed', async () => {
  await warmUp()
  const content = { type: 'questions.answer', id: 'noticed' }
  const { position } = await send('contribution.created', aContribution({ user: { id: 1 }, content }))
  const path = `/v1/users/1/contributions?at_least=${position}`
  const deletedAt = async (): Promise<unknown> =>
    (await worker.read(path)).body['contributions'][0].deleted_at
  await warmUp()
  expect(await deletedAt()).toBeNull()
  expect((await send('content.deleted', { content })).position).toBe(position)
  expect(await deletedAt()).toBe(new Date(noon + 3000).toISOString())
})

it('a list is kept as JSON: callers who prefer CSV get CSV', async () => {
  await worker.fetchApi('/v1/leaderboards/overall')
  const csv = await worker.fetchApi('/v1/leaderboards/overall', { headers: { accept: 'text/csv' } })
  const json = await worker.fetchApi('/v1/leaderboards/overall')
  expect(
    [csv, json].map((response) => [isFromMemory(response), response.headers.get('content-type')]),
  ).toEqual([
    [false, 'text/csv; charset=utf-8; header=present'],
    [true, 'application/json'],
  ])
})

describe('a board', () => {
  it('is given from memory for a second, then read again by one caller while others get the old one', async () => {
    const board = '/v1/leaderboards/overall'
    const before = await worker.read(board)
    setClock(noon + 999)
    const second = await worker.read(board)
    setClock(noon + 1000)
    const log = await Promise.all([worker.read(board), worker.read(board), worker.read(board)])
    setClock(noon + 3000)
    expect([before.isFromMemory, second.isFromMemory, log.map((read) => read.isFromMemory)]).toEqual([
      false,
      true,
      [false, true, true],
    ])
    expect((await worker.read(board)).isFromMemory).toBe(false)
  })

  it('is read again by the first caller who wants JSON, although one for CSV came before', async () => {
    const board = '/v1/leaderboards/overall'
    await worker.read(board)
    setClock(noon + 1000)
    await (await worker.fetchApi(board, { headers: { accept: 'text/csv' } })).text()
    expect((await worker.read(board)).isFromMemory).toBe(false)
  })
})

describe.each(['/healthz', '/v1/status'])('%s', (path) => {
  it('asks D1 once a second for all callers', async () => {
    await worker.read(path)
    const meter = meterOfAll(env.DB)
    for (const milliseconds of [0, 500, 999]) {
      setClock(noon + milliseconds)
      await Promise.all(Array.from({ length: 20 }, async () => worker.read(path)))
    }
    expect(meter.batches).toBe(0)
  })

  it('shows what the same isolate recorded immediately, and is then reused again', async () => {
    await worker.read(path)
    const body = JSON.stringify({
      type: 'contribution.created',
      timestamp: new Date(noon).toISOString(),
      data: aContribution(),
    })
    const { position } = await (
      await worker.fetchApi('/v1/webhooks', { method: 'POST', body, headers: sign(body) })
    ).json<{ position: number }>()
    setClock(noon + 1)
    const reads = [await worker.read(path), await worker.read(path)]
    expect(reads.map((read) => [read.body.position, read.isFromMemory])).toEqual([
      [position, false],
      [position, true],
    ])
  })

  it.each([
    ['a refused webhook', '/v1/webhooks', 'POST', 401],
    ['a preflight', '/v1/status', 'OPTIONS', 204],
  ])('is reused after %s', async (_, asked, method, expected) => {
    await worker.read(path)
    const { status } = await worker.fetchApi(asked, { method })
    expect([status, (await worker.read(path)).isFromMemory]).toEqual([expected, true])
  })

  it('reports an outage after two seconds at most, and remembers no failure', async () => {
    await worker.read(path)
    const endOutage = takeD1Out()
    setClock(noon + 2000)
    const statuses = [(await worker.read(path)).status, (await worker.read(path)).status]
    endOutage()
    expect([...statuses, (await worker.read(path)).status]).toEqual([503, 503, 200])
  })
})

it('an answer from memory counts against the rate limit', async () => {
  let left = 3
  const limiter: RateLimit = { limit: async () => ({ success: (left -= 1) >= 0 }) }
  worker = workerWithMemory({ ...env, RATE_LIMITS: 'on', READ_LIMIT: limiter })
  const reads = []
  for (let count = 0; count < 4; count += 1) reads.push(await worker.fetchApi('/healthz'))
  expect(reads.map((response) => [response.status, isFromMemory(response)])).toEqual([
    [200, false],
    [200, true],
    [200, true],
    [429, false],
  ])
})

it('a request over the limit is answered and logged by its route, although its answer is in memory', async () => {
  let left = 1
  const limiter: RateLimit = { limit: async () => ({ success: (left -= 1) >= 0 }) }
  worker = workerWithMemory({ ...env, RATE_LIMITS: 'on', READ_LIMIT: limiter })
  const lines: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(String(line))))
  await worker.fetchApi('/healthz')
  const refused = await worker.fetchApi('/healthz', { method: 'HEAD' })
  expect([refused.status, await refused.text(), refused.headers.get('server-timing')]).toEqual([
    429,
    '',
    expect.stringMatching(/^render;dur=/),
  ])
  expect(lines).toMatchObject([
    { event: 'request', method: 'GET', route: '/healthz', status: 200 },
    { event: 'request', method: 'HEAD', route: '/healthz', status: 429 },
  ])
})

const anAnswer = (text: string): SentAnswer => ({
  text,
  asOf: new Date(noon).toISOString(),
  position: 1,
  live: true,
  etag: undefined,
  headers: {},
  notModifiedHeaders: {},
  momentInHeaders: false,
  holds: { about: 'many', until: Infinity },
})

it('the memory keeps 16 MB, and drops the answers that were used least recently', () => {
  const memory = new AnswerMemory(() => noon)
  const addressOf = (index: number): string => `https://perennial.example/${index}`
  const isKept = (index: number): boolean =>
    memory.find(new Request(addressOf(index)), addressOf(index), noon) !== undefined
  for (let index = 0; index < 15; index += 1)
    memory.keep(addressOf(index), noon, anAnswer('x'.repeat(512 * 1024)))
  expect(isKept(0)).toBe(true)
  memory.keep(addressOf(15), noon, anAnswer('x'.repeat(512 * 1024)))
  expect([0, 1, 2, 15].map(isKept)).toEqual([true, false, true, true])
})
