import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rankingOf } from '../../src/projections/objects.ts'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { compareWithOracle } from '../support/compare.ts'
import { breakD1, expectUnavailable, overloaded, takeD1Out } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { within } from '../support/within.ts'
import { aContribution, fetchApi, post, read, send, type Json } from '../support/site.ts'

const day = 86_400_000
const minutes = 60_000
const month = { from: noon - 30 * day, to: null }

let sent: SentMessage[] = []

const aMessage = (type: string, data: unknown): SentMessage => ({
  type,
  timestamp: new Date(noon - minutes).toISOString(),
  data,
})

const record = async (type: string, data: unknown): Promise<void> => {
  const message = aMessage(type, data)
  sent.push(message)
  await send(type, data, message.timestamp)
}

/** Answers an address, which must, together with its age. */
const readAged = async (path: string): Promise<{ body: Json; age: number }> => {
  const response = await fetchApi(path)
  const body = (await response.json()) as Json
  expect(response.status, JSON.stringify(body)).toBe(200)
  return { body, age: Number(response.headers.get('age') ?? 0) }
}

const restOf = ({ as_of: _asOf, position: _position, ...rest }: Json): Json => rest

const boardOf = (windowDays: number, locale: string | null = null) =>
  rankingOf(env, { of: 'support-forum', windowDays, locale, product: null })

/** Users 1 to 4 with answers on every side of every window's end, one of which is taken back. */
const recordAll = async (): Promise<void> => {
  const users = [1, 2, 3, 4].map((id) => ({ id, username: `user ${id}` }))
  const ages = [0, 7 * day - 5 * minutes, 7 * day, 30 * day - 5 * minutes, 365 * day - 5 * minutes]
  const answers = users.flatMap((user) =>
    ages.slice(user.id - 1).map((age) => {
      const occurred_at = new Date(noon - age - 1).toISOString()
      return aContribution({ user, occurred_at, locale: 'fr', parent: { type: 'd', id: `${age}` } })
    }),
  )
  await record('contribution.created', answers)
  await record('contribution.retracted', { content: answers[1]?.['content'], reason: 'spam' })
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
  sent = []
  await recordAll()
})

describe('while D1 is out', () => {
  it("a user's numbers are those of the log at their position and the requested instant, with their age", async () => {
    const paths = ['', '/contributions', '/calendar', '/badge.json'].map((rest) => `/v1/users/1${rest}`)
    for (const path of paths) expect((await readAged(path)).age).toBe(0)
    takeD1Out()
    for (const later of [1000, 4 * minutes, 6 * minutes, 2 * day]) {
      setClock(noon + later)
      const { body, age } = await readAged('/v1/users/1')
      expect(restOf(body)).toEqual(new Oracle(sent).user(1, noon + later, true))
      expect([body.as_of, body.position, age]).toEqual([
        new Date(noon + later).toISOString(),
        15,
        later / 1000,
      ])
      for (const path of paths) expect((await readAged(`${path}?at_least=15`)).age).toBe(later / 1000)
    }
    const card = await fetchApi('/v1/users/1/card.svg')
    expect([card.status, card.headers.get('age')]).toEqual([200, String((2 * day) / 1000)])
    const past = noon - 8 * day
    const { body } = await readAged(`/v1/users/1?as_of=${new Date(past).toISOString()}`)
    expect(restOf(body)).toEqual(new Oracle(sent).user(1, past, false))
  })

  it('a search finds the people known at the last refresh, ordered by their counts at that time', async () => {
    const path = '/v1/users?search=user'
    const users = [1, 2, 3, 4].map((id) => new Oracle(sent).profile(id))
    expect((await read(path)).users).toEqual(users)
    takeD1Out()
    setClock(noon + 6 * minutes)
    const { body, age } = await readAged(path)
    expect([body.users, body.position, age]).toEqual([users, 15, 360])
    await expectUnavailable(await fetchApi(`${path}&at_least=16`))
  })

  it('a board and a metric that were built are served for the instant and position of their last refresh', async () => {
    const board = '/v1/leaderboards/support-forum?window=30d'
    const metric = '/v1/metrics/active_contributors'
    const built = [board, `${board}&around=2&limit=3`, metric, '/v1/metrics', '/v1/leaderboards']
    for (const path of built) expect((await readAged(path)).age).toBe(0)
    takeD1Out()
    setClock(noon + 6 * minutes)
    const answers = await Promise.all(built.map(async (path) => await readAged(path)))
    expect(answers.map(({ body, age }) => [body.position, age])).toEqual(built.map(() => [15, 360]))
    const [whole, around, count, list] = answers.map(({ body }) => body)
    const oracle = new Oracle(sent)
    expect(whole.entries).toEqual(oracle.board('support-forum', month))
    expect(around.standing).toEqual(whole.entries[1])
    expect(count.value).toBe(oracle.metric('active_contributors', month))
    expect(list.metrics.map(({ value }: Json) => value)).toContain(count.value)
    for (const { as_of } of [whole, around, count, list]) expect(as_of).toBe(new Date(noon).toISOString())
  })

  it('a board for a locale is served although the locale cannot be looked up', async () => {
    await boardOf(90, 'fr').page({ now: noon, atLeast: 0 }, { limit: 20 })
    takeD1Out()
    setClock(noon + minutes)
    const { body, age } = await readAged('/v1/leaderboards/support-forum?locale=fr')
    expect([body.total, age]).toEqual([4, 60])
    await expectUnavailable(await fetchApi('/v1/leaderboards/support-forum?locale=xx'))
  })

  it('a request that needs the log is 503, and so is a position that a projection has not reached', async () => {
    const asOf = `as_of=${new Date(noon - day).toISOString()}`
    const { next_cursor: cursor } = await read('/v1/leaderboards/support-forum?limit=1')
    await read('/v1/users/1')
    await read('/v1/metrics/active_contributors')
    takeD1Out()
    const paths = [
      '/healthz',
      '/v1/status',
      '/v1/users?username=user%201',
      '/v1/users?search=user',
      '/v1/users/2',
      '/v1/users/404',
      '/v1/users/1?at_least=16',
      '/v1/users/1/contributions?at_least=16',
      '/v1/users/1/calendar?at_least=16',
      '/v1/leaderboards/support-forum?at_least=16',
      `/v1/leaderboards/support-forum?limit=1&cursor=${cursor}`,
      `/v1/leaderboards/support-forum?${asOf}`,
      '/v1/leaderboards/support-forum?window=31d',
      '/v1/leaderboards/questions',
      '/v1/metrics',
      '/v1/metrics/active_contributors?at_least=16',
      `/v1/metrics/active_contributors?${asOf}`,
      '/v1/metrics/active_contributors/history',
    ]
    for (const path of paths) await expectUnavailable(await fetchApi(path), path)
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
    await expectUnavailable(await fetchApi('/v1/log', { headers }))
  })

  it('an evicted counter answers from its storage, and an evicted board is 503 until D1 is back', async () => {
    await read('/v1/users/1')
    await read('/v1/leaderboards/support-forum')
    const repair = takeD1Out()
    await evictDurableObject(env.USER_COUNTERS.getByName('1'))
    await runInDurableObject(boardOf(90), (_, state) => state.abort()).catch(() => undefined)
    setClock(noon + minutes)
    const { body, age } = await readAged('/v1/users/1')
    expect([restOf(body), age]).toEqual([new Oracle(sent).user(1, noon + minutes, true), 60])
    await expectUnavailable(await fetchApi('/v1/leaderboards/support-forum'))
    repair()
    expect((await read('/v1/leaderboards/support-forum')).total).toBe(4)
  })

  it('a partial history is never served', async () => {
    for (let batch = 0; batch < 6; batch += 1) {
      await record(
        'contribution.created',
        Array.from({ length: 1000 }, () => aContribution({ user: { id: 9 } })),
      )
    }
    let calls = 0
    breakD1(() => ((calls += 1) > 1 ? overloaded : undefined))
    await expectUnavailable(await fetchApi('/v1/users/9'))
    vi.restoreAllMocks()
    expect((await read('/v1/users/9')).lifetime.answer).toBe(6000)
  })

  it('a stream of the log is aborted, and does not end as if it were complete', async () => {
    for (let batch = 0; batch < 2; batch += 1) {
      await record(
        'contribution.created',
        Array.from({ length: 1000 }, () => aContribution()),
      )
    }
    let calls = 0
    breakD1(() => ((calls += 1) > 1 ? overloaded : undefined))
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
    const response = await fetchApi('/v1/log?limit=2000', { headers })
    expect(response.status).toBe(200)
    const outcome = await response.text().catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(Error)
    vi.restoreAllMocks()
    const whole = await (await fetchApi('/v1/log?limit=2000', { headers })).text()
    expect(whole.trim().split('\n')).toHaveLength(2000)
  })

  it('projections read D1 no more often than usual', async () => {
    await read('/v1/users/1')
    await read('/v1/leaderboards/support-forum')
    const counted = breakD1(() => overloaded)
    setClock(noon + minutes)
    for (let asked = 0; asked < 20; asked += 1) {
      await read('/v1/users/1')
      await read('/v1/leaderboards/support-forum')
    }
    expect(counted.calls).toBe(2)
  })

  it('an erased user stays erased', async () => {
    await record('user.erased', { id: 1 })
    expect((await fetchApi('/v1/users/1')).status).toBe(404)
    takeD1Out()
    setClock(noon + minutes)
    expect((await fetchApi('/v1/users/1')).status).toBe(404)
  })
})

it('if D1 never answers, stored answers take at most 2 s, and all other requests fail after 10 s', async () => {
  for (const path of ['/v1/users/1', '/v1/leaderboards/support-forum']) await read(path)
  const others = ['/v1/users/2', '/v1/users/1?at_least=99', '/healthz', '/v1/status', '/v1/metrics']
  takeD1Out({ hangs: true, commits: false })
  setClock(noon + minutes)
  const letPass = holdTimers()
  const built = ['/v1/users/1', '/v1/leaderboards/support-forum'].map(readAged)
  const refused = others.map(async (path) => await expectUnavailable(await fetchApi(path), path))
  letPass(2000)
  await within('What was built', Promise.all(built))
  await readAged('/v1/users/1')
  letPass(10_000)
  await within('What was not', Promise.all(refused))
  vi.restoreAllMocks()
  setClock(noon + 2 * minutes)
  expect((await readAged('/v1/users/1')).age).toBe(0)
})

it('if D1 never answers, several users and a board for a locale take at most 3 s', async () => {
  await read('/v1/users/1')
  await boardOf(90, 'it').page({ now: noon, atLeast: 0 }, { limit: 20 })
  takeD1Out({ hangs: true, commits: false })
  setClock(noon + minutes)
  const letPass = holdTimers()
  const aged = ['/v1/users?ids=1', '/v1/leaderboards/support-forum?locale=it'].map(readAged)
  letPass(2000)
  expect((await within('Both', Promise.all(aged))).map(({ age }) => age)).toEqual([60, 60])
})

it('when D1 is back every number equals brute force again, without a restart', async () => {
  const questions = [
    { asOf: undefined, windowDays: 30, filter: {} },
    { asOf: noon - day, windowDays: 7, filter: {} },
  ]
  for (const question of questions) await compareWithOracle(new Oracle(sent), noon, question)
  const late = aMessage('contribution.created', [aContribution(), aContribution({ user: { id: 5 } })])
  const repair = takeD1Out()
  for (const later of [5 * minutes, 10 * minutes]) {
    setClock(noon + later)
    await expectUnavailable(await post(JSON.stringify(late)))
    await readAged('/v1/users/1')
    await readAged('/v1/leaderboards/overall?window=30d')
  }
  repair()
  const now = noon + 15 * minutes
  setClock(now)
  expect((await post(JSON.stringify(late))).status).toBe(200)
  sent.push(late)
  setClock(now + 5000)
  for (const question of questions) await compareWithOracle(new Oracle(sent), now + 5000, question)
})
