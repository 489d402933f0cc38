import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditAll } from '../../src/audit/auditAll.ts'
import { isFailure, notCaughtUp, LogUnavailable } from '../../src/failure.ts'
import { rankingOf } from '../../src/projections/objects.ts'
import { UserCounter } from '../../src/projections/user/UserCounter.ts'
import { audit, authorization, takeStep } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const prototype: D1Database = Object.getPrototypeOf(env.DB)

const overloaded = new Error('D1_ERROR: D1 DB is overloaded.')

/** Makes D1 fail, until the returned function is called. */
const takeOut = (): (() => void) => {
  const spy = vi.spyOn(prototype, 'batch').mockRejectedValue(overloaded)
  return () => {
    spy.mockRestore()
  }
}

/** What the Worker logs as errors from now on; nothing of it is printed. */
const errors = (): Json[] => {
  const logged: Json[] = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(JSON.parse(line)))
  return logged
}

const counter = () => env.USER_COUNTERS.getByName('1')
const board = () => rankingOf(env, { of: 'support-forum', windowDays: 90, locale: null, product: null })
const summary = () => env.LOG_SUMMARY.getByName('log')

beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await freshLog()
  setClock(noon)
  await send('contribution.created', [aContribution(), aContribution()])
  await read('/v1/users/1')
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('while D1 is out', () => {
  it('a projection answers readers with what it stored, but not an audit', async () => {
    await read('/v1/leaderboards/support-forum')
    await read('/v1/status')
    const back = takeOut()
    expect((await read('/v1/users/1')).lifetime.total).toBe(2)
    expect((await read('/v1/leaderboards/support-forum')).total).toBe(1)
    for (const stubOf of [counter, board, summary]) {
      expect(await stubOf().audit(noon)).toEqual(notCaughtUp(2, 0))
      expect(await stubOf().rebuild(noon)).toEqual(notCaughtUp(2, 0))
    }
    expect((await read('/v1/users/1')).lifetime.total).toBe(2)
    expect((await read('/v1/leaderboards/support-forum')).total).toBe(1)
    back()
    for (const stubOf of [counter, board, summary]) {
      const stored = await stubOf().audit(noon)
      expect([isFailure(stored), stored]).toMatchObject([false, { position: 2 }])
    }
  })

  it('a step answers 503, and the audit resumes where it stopped', async () => {
    const first = await takeStep()
    const logged = errors()
    const back = takeOut()
    const response = await fetchApi(`/v1/audit?audit=${first.audit}`, {
      method: 'POST',
      headers: authorization,
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    back()
    expect(logged.filter(({ event }) => event === 'audit stopped')).toEqual([
      { event: 'audit stopped', audit: 1, steps: 1 },
    ])
    expect(await takeStep(`?audit=${first.audit}`)).toMatchObject({ steps: 2, boards: 2, drift: 0 })
    expect((await read('/v1/status')).audit).toBeNull()
    expect(await audit()).toMatchObject({ audit: first.audit, users: 1, boards: 44, drift: 0 })
  })

  it('the cron tries again, with longer pauses', async () => {
    errors()
    const back = takeOut()
    const pauses: number[] = []
    await auditAll(env, noon, async (milliseconds) => {
      pauses.push(milliseconds)
      if (pauses.length === 2) back()
    })
    expect(pauses).toEqual([1000, 10_000])
    expect((await read('/v1/status')).audit).toMatchObject({ users: 1, boards: 44, drift: 0 })
  })

  it('the cron fails in the end, and nothing counts as audited', async () => {
    const logged = errors()
    const back = takeOut()
    const pauses: number[] = []
    const audited = auditAll(env, noon, async (milliseconds) => void pauses.push(milliseconds))
    await expect(audited).rejects.toThrow(LogUnavailable)
    back()
    expect(pauses).toEqual([1000, 10_000, 60_000])
    expect(logged.filter(({ event }) => event === 'audit stopped').length).toBe(4)
    expect((await read('/v1/status')).audit).toBeNull()
  })
})

it('drift is counted, logged and reported although D1 fails before it is healed', async () => {
  await runInDurableObject(counter(), (_, { storage }) => void storage.sql.exec('DELETE FROM events'))
  await evictDurableObject(counter())
  const logged = errors()
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { rebuild } = UserCounter.prototype
  const rebuilds = vi.spyOn(UserCounter.prototype, 'rebuild')
  rebuilds.mockImplementationOnce(async function late(this: UserCounter, now) {
    const back = takeOut()
    try {
      return await rebuild.call(this, now)
    } finally {
      back()
    }
  })
  const stopped = await audit().catch((error: unknown) => String(error))
  expect(stopped).toContain('POST /v1/audit answered 503')
  const differs = ['events', 'counts']
  expect(logged.filter(({ event }) => event === 'audit found drift')).toEqual([
    { event: 'audit found drift', kind: 'user', differs, healed: false },
  ])
  expect((await read('/v1/status')).audit).toMatchObject({ drift: 1 })
  // The next step reports what that one could not, and finds the counter rebuilt by its own refresh.
  expect(await audit()).toMatchObject({ audit: 1, found: [{ kind: 'user', name: '1', differs }] })
  expect(await read('/v1/users/1')).toMatchObject({ lifetime: { total: 2 } })
})
