import { createScheduledController, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rankingsToAudit } from '../../src/audit/auditedRanking.ts'
import { Ranking } from '../../src/contributions/ranking.ts'
import worker from '../support/workerWithoutMemory.ts'
import { audit, authorization, takeStep } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const counterOf = (id: number) => env.USER_COUNTERS.getByName(String(id))

/** What the Worker logs as errors from now on; nothing of it is printed. */
const errors = (): unknown[] => {
  const logged: unknown[] = []
  vi.spyOn(console, 'error').mockImplementation((line) => void logged.push(line))
  return logged
}

/** Keeps a counter in memory from one step of an audit to the next: an idle one is evicted after 10 s. */
const keepInMemory = (id: number) => async (): Promise<void> =>
  await runInDurableObject(counterOf(id), () => undefined)

/** Users 1 to 3 with 3, 2 and 1 answers, whose counters hold them. */
const community = async (): Promise<void> => {
  const ids = [1, 1, 1, 2, 2, 3]
  await send(
    'contribution.created',
    ids.map((id) => aContribution({ user: { id, username: `user ${id}` } })),
  )
  for (const id of [1, 2, 3]) await read(`/v1/users/${id}`)
}

beforeEach(async () => {
  vi.restoreAllMocks()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await freshLog()
  setClock(noon)
}, 60_000) // every board's object, whose end is waited for

describe('an audit', () => {
  it('is null in the status before the first, and returns the same result when it is requested again', async () => {
    await community()
    expect((await read('/v1/status')).audit).toBeNull()
    const compared = { audit: 1, done: true, users: 3, boards: rankingsToAudit.length, drift: 0, found: [] }
    expect(await audit()).toMatchObject(compared)
    expect((await read('/v1/status')).audit).toEqual({
      checked_at: new Date(noon).toISOString(),
      users: 3,
      boards: 44,
      drift: 0,
      last_drift_at: null,
    })
    expect(await takeStep('?audit=1')).toMatchObject(compared)
    expect(await takeStep()).toMatchObject({ audit: 2, done: false, users: 0 })
    for (const number of [3, 999_999]) {
      const refused = await fetchApi(`/v1/audit?audit=${number}`, { method: 'POST', headers: authorization })
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { errors: [{ parameter: 'audit' }] },
      ])
    }
    expect(await takeStep('?audit=1')).toMatchObject(compared)
  })

  it('runs by cron, with the scheduled time', async () => {
    await community()
    const controller = createScheduledController({ scheduledTime: new Date(noon - 1000), cron: '17 3 * * *' })
    await worker.scheduled(controller, env)
    expect((await read('/v1/status')).audit).toMatchObject({
      checked_at: new Date(noon - 1000).toISOString(),
      users: 3,
      drift: 0,
    })
  })

  it('runs by cron even if the directory of users fails, and the run is reported as failed', async () => {
    await community()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const controller = createScheduledController({ scheduledTime: new Date(noon - 1000), cron: '17 3 * * *' })
    const broken = { getByName: () => ({ refresh: async () => Promise.reject(new Error('full')) }) }
    const nightly = worker.scheduled(controller, { ...env, USER_DIRECTORY: broken } as unknown as Env)
    await expect(nightly).rejects.toThrow('The nightly run did not finish')
    expect(logged).toHaveBeenCalledTimes(1)
    expect((await read('/v1/status')).audit).toMatchObject({ users: 3, drift: 0 })
  })

  it('is only for the operator, by POST', async () => {
    expect((await fetchApi('/v1/audit', { method: 'POST' })).status).toBe(401)
    const wrong = { authorization: 'Bearer wrong' }
    expect((await fetchApi('/v1/audit', { method: 'POST', headers: wrong })).status).toBe(401)
    const response = await fetchApi('/v1/audit', { headers: authorization })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetchApi('/v1/audit?audit=x', { method: 'POST', headers: authorization })).status).toBe(400)
    expect((await read('/v1/status')).audit).toBeNull()
  })

  it('shares a step among concurrent requests, and resumes when it was interrupted', async () => {
    await community()
    const [one, other] = await Promise.all([takeStep(), takeStep()])
    expect(other).toEqual(one)
    await evictDurableObject(env.AUDITOR.getByName('log'))
    expect(await takeStep('?users=9999999')).toMatchObject({
      audit: 1,
      steps: 2,
      steps_expected: rankingsToAudit.length + 3, // Few users are in the log.
    })
  })

  it('takes turns among all users from one audit to the next, and leaves empty counters empty', async () => {
    await send(
      'user.updated',
      Array.from({ length: 45 }, (_, index) => ({ id: 1 + index })),
    )
    for (const id of [1, 20, 21, 45]) await read(`/v1/users/${id}`)
    // Users 1 to 30; then 31 to 45 and 1 to 15; then 16 to 45 and 1 to 15, because no user has two turns in one audit.
    const compared = [await audit('users=30'), await audit('users=30'), await audit('users=1000')]
    expect(compared.map(({ users }) => users)).toEqual([3, 2, 4])
    const tables = await runInDurableObject(counterOf(2), (_, state) =>
      state.storage.sql
        .exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`)
        .toArray(),
    )
    expect(tables).toEqual([])
  })
})

describe('drift', () => {
  it('is found in a counter, logged without the user, shown, healed, and remembered', async () => {
    await community()
    await runInDurableObject(counterOf(2), (_, state) => {
      state.storage.sql.exec('DELETE FROM events WHERE position = (SELECT max(position) FROM events)')
    })
    const logged = errors()
    expect(await audit('users=1000', keepInMemory(2))).toMatchObject({
      users: 3,
      drift: 1,
      found: [{ kind: 'user', name: '2', differs: ['events'], healed: true }],
    })
    expect(logged).toEqual([
      JSON.stringify({ event: 'audit found drift', kind: 'user', differs: ['events'], healed: true }),
    ])
    // An operator who lost the answer, or missed the cron, gets it again.
    const again = await takeStep('?audit=1')
    expect(again).toMatchObject({ drift: 1, found: [{ kind: 'user', name: '2', healed: true }] })
    const found = { users: 3, drift: 1, last_drift_at: new Date(noon).toISOString() }
    expect((await read('/v1/status')).audit).toMatchObject(found)
    setClock(noon + 5000)
    expect(await read('/v1/users/2')).toMatchObject({ lifetime: { total: 2, answer: 2 } })
    expect(await audit()).toMatchObject({ users: 3, drift: 0, found: [] })
    expect((await read('/v1/status')).audit).toMatchObject({ drift: 0, last_drift_at: found.last_drift_at })
  })

  it('is found in counters that start with another value of anything that they store', async () => {
    const ownFirst = '(SELECT min(position) FROM events)'
    const planted: [sql: string, differs: string[]][] = [
      [`UPDATE events SET type = 'question' WHERE position = ${ownFirst}`, ['events', 'counts']],
      [`UPDATE events SET occurred_at = occurred_at - 1 WHERE position = ${ownFirst}`, ['events', 'counts']],
      [`UPDATE events SET locale = 'de' WHERE position = ${ownFirst}`, ['events']],
      [`UPDATE events SET contribution = 99 WHERE position = ${ownFirst}`, ['events']],
      [
        `INSERT INTO events SELECT occurred_at, 99, 1, delta, type, content_type, 'x', parent_type, parent_id,
           locale, product, self FROM events WHERE position = ${ownFirst}`,
        ['events', 'counts'],
      ],
      ['DROP TABLE events', ['answer']],
    ]
    for (const [index, [sql]] of planted.entries()) {
      const id = 10 + index
      await send('contribution.created', [aContribution({ user: { id } }), aContribution({ user: { id } })])
      await read(`/v1/users/${id}`)
      await runInDurableObject(counterOf(id), (_, { storage }) => void storage.sql.exec(sql))
      await evictDurableObject(counterOf(id))
    }
    errors()
    const { found } = await audit()
    const byUser = found.toSorted((one: Json, other: Json) => Number(one.name) - Number(other.name))
    expect(byUser).toEqual(
      planted.map(([, differs], index) => ({ kind: 'user', name: `${10 + index}`, differs, healed: true })),
    )
    for (const { name } of byUser)
      expect((await read(`/v1/users/${name}`)).lifetime).toMatchObject({ total: 2, answer: 2 })
  })

  it('is found and healed in cached counts, and in the totals of the status', async () => {
    await community()
    await runInDurableObject(counterOf(1), (_, state) => {
      // The count is cached; the row is put back before the audit.
      const { sql } = state.storage
      sql.exec('UPDATE events SET occurred_at = occurred_at - 86400000000')
      setClock(noon + 1)
    })
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    setClock(noon + 2000)
    expect((await read('/v1/users/1')).windows['7d'].total).toBe(1)
    await runInDurableObject(counterOf(1), (_, state) => {
      state.storage.sql.exec('UPDATE events SET occurred_at = occurred_at + 86400000000 WHERE position < 4')
    })
    await read('/v1/status')
    const summary = env.LOG_SUMMARY.getByName('log')
    await runInDurableObject(summary, (_, { storage }) => {
      const state = storage.kv.get<{ totals: object }>('state')
      storage.kv.put('state', { ...state, totals: { ...state?.totals, contributions: 99 } })
    })
    await evictDurableObject(summary)
    expect((await read('/v1/status')).contributions).toBe(99)
    errors()
    expect((await audit('users=1000', keepInMemory(1))).found).toEqual([
      { kind: 'status', name: 'totals', differs: ['totals'], healed: true },
      { kind: 'user', name: '1', differs: ['counts'], healed: true },
    ])
    expect((await read('/v1/users/1')).windows['7d'].total).toBe(4)
    expect(await read('/v1/status')).toMatchObject({ contributions: 7, audit: { drift: 2 } })
  })

  it('is found and healed in the columns that answer about the community, whatever is wrong in them', async () => {
    const parent = { type: 'questions.question', id: '1' }
    await send('contribution.created', [
      aContribution({ user: { id: 1 }, parent }),
      aContribution({ user: { id: 2 }, parent: { type: 'questions.question', id: '2' }, locale: 'de' }),
      aContribution({ user: { id: 2 }, type: 'question', content: parent }),
    ])
    await send('user.updated', { id: 7, is_system: true })
    const path = '/v1/community?from=2026-11-16'
    const right = (await read(path)).points
    const columns = env.LOG_COLUMNS.getByName('log')
    const planted: [differs: string, sql: string][] = [
      ['entries', 'UPDATE people SET number = 1 - number'],
      ['entries', 'UPDATE threads SET number = 1 - number'],
      ['entries', `UPDATE kinds SET kind = replace(kind, '"de"', '""')`],
      ['entries', `UPDATE kinds SET kind = replace(kind, '"delta":1', '"delta":-1')`],
      ['entries', 'DELETE FROM chunks WHERE key = 0'],
      ['entries', `UPDATE chunks SET instants = zeroblob(length(instants))`],
      ['entries', `UPDATE chunks SET threads = zeroblob(length(threads))`],
      ['answer', 'DROP TABLE chunks'],
    ]
    const found = { kind: 'community', name: 'columns', healed: true }
    errors()
    for (const [differs, sql] of planted) {
      await runInDurableObject(columns, (_, { storage }) => void storage.sql.exec(sql))
      await evictDurableObject(columns)
      expect((await audit('users=1')).found, sql).toEqual([{ ...found, differs: [differs] }])
      expect((await read(path)).points, sql).toEqual(right)
    }
    await runInDurableObject(columns, (_, { storage: { kv } }) => {
      kv.put('state', { ...(kv.get('state') as object), systemUsers: [] })
    })
    await evictDurableObject(columns)
    expect((await audit('users=1')).found).toEqual([{ ...found, differs: ['system accounts'] }])
    expect((await audit('users=1')).found).toEqual([])
  })

  it('is found and healed in every board and metric that lost an event', async () => {
    await community()
    const { position } = await read('/healthz')
    const boards = ['/v1/leaderboards/support-forum?window=90d', '/v1/metrics/active_contributors?min=4']
    const numbers = async (): Promise<unknown[]> =>
      await Promise.all(
        boards.map(async (path) => {
          const { entries, value } = await read(`${path}&at_least=${position}`)
          return entries ? entries.map(({ user, count }: Json) => [user.id, count]) : value
        }),
      )
    expect(await numbers()).toEqual([[[1, 3], [2, 2], [3, 1]], 0]) // prettier-ignore
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    setClock(noon + 2000)
    const apply = vi.spyOn(Ranking.prototype, 'apply').mockImplementation(() => undefined)
    expect(await numbers()).toEqual([[[1, 3], [2, 2], [3, 1]], 0]) // prettier-ignore
    apply.mockRestore()
    const logged = errors()
    const differs = ['counts']
    const found = [
      { kind: 'board', name: 'support-forum 90d', differs, healed: true },
      { kind: 'metric', name: 'active_contributors 30d', differs, healed: true },
    ]
    expect(await audit()).toMatchObject({ boards: 44, drift: 2, found })
    expect(logged).toEqual(found.map((one) => JSON.stringify({ event: 'audit found drift', ...one })))
    expect(await numbers()).toEqual([[[1, 4], [2, 2], [3, 1]], 1]) // prettier-ignore
  })

  it('is found and healed in the set of ranked users, and in their profiles', async () => {
    await community()
    const board = '/v1/leaderboards/support-forum?window=90d'
    await read(board)
    await send('user.updated', [
      { id: 1, is_hidden: true },
      { id: 2, username: 'zoe' },
    ])
    setClock(noon + 2000)
    // The board reads wrong facts of the two users, once.
    const prototype: D1Database = Object.getPrototypeOf(env.DB)
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { batch } = prototype
    const lie = vi.spyOn(prototype, 'batch').mockImplementation(async function wrong(this: D1Database, all) {
      const results = await batch.call(this, all)
      for (const row of results.flatMap(({ results: rows }) => rows as Json[])) {
        if ('excluded' in row && 'revision' in row) Object.assign(row, { excluded: 0, username: 'wrong' })
      }
      return results
    })
    const before = await read(board)
    lie.mockRestore()
    expect(before.entries.map(({ user }: Json) => user.username)).toEqual(['wrong', 'wrong', 'user 3'])
    errors()
    const found = { kind: 'board', name: 'support-forum 90d', differs: ['flags', 'profiles'], healed: true }
    expect((await audit()).found).toEqual([found])
    setClock(noon + 4000)
    expect((await read(board)).entries.map(({ user }: Json) => user.username)).toEqual(['zoe', 'user 3'])
  })
})
