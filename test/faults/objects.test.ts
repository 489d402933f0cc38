import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { rankingOf } from '../../src/projections/objects.ts'
import worker from '../support/workerWithoutMemory.ts'
import { noon, setClock } from '../support/clock.ts'
import { breakD1, expectUnavailable } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const { USER_COUNTERS, RANKINGS, LOG_SCANS, LOG_SUMMARY, USER_DIRECTORY } = env
const namespaces = { USER_COUNTERS, RANKINGS, LOG_SCANS, LOG_SUMMARY, USER_DIRECTORY }

/** Each kind of object, a path that it answers, and the object itself. */
const kinds: [string, string, () => DurableObjectStub][] = [
  ['UserCounter', '/v1/users/1', () => USER_COUNTERS.getByName('1')],
  [
    'LiveRanking',
    '/v1/leaderboards/support-forum',
    () => rankingOf(env, { of: 'support-forum', windowDays: 90, locale: null, product: null }),
  ],
  ['LogScans', '/v1/metrics/active_contributors?window=31d', () => LOG_SCANS.getByName('log')],
  ['LogSummary', '/v1/leaderboards', () => LOG_SUMMARY.getByName('log')],
  ['UserDirectory', '/v1/users?search=an', () => USER_DIRECTORY.getByName('log')],
]

/** Bindings whose objects fail `times` times before they answer, with the platform's marks on the error. */
const failing = (times: number, marks: Record<string, boolean>) => {
  const counted = { failures: 0 }
  const stubOf = (stub: object): object =>
    new Proxy(stub, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        return (...parameters: unknown[]): unknown => {
          if (counted.failures === times) return (method as (...given: unknown[]) => unknown)(...parameters)
          counted.failures += 1
          throw Object.assign(new Error('Durable Object is overloaded. SELECT secret'), marks)
        }
      },
    })
  const broken = Object.entries(namespaces).map(([name, namespace]) => [
    name,
    { getByName: (key: string) => stubOf((namespace as DurableObjectNamespace).getByName(key)) },
  ])
  return { counted, broken: Object.fromEntries(broken) as Partial<Env> }
}

const askWith = async (path: string, broken: Partial<Env>): Promise<Response> => {
  const request = new Request(`https://perennial.example${path}`)
  return await worker.fetch(request as Parameters<typeof worker.fetch>[0], { ...env, ...broken })
}

/** Makes every call of D1 wait until `goOn`. Each call polls, because objects cannot share promises. */
const stopAtD1 = () => {
  const state = { atD1: 0, mayGoOn: false }
  breakD1(async () => {
    state.atD1 += 1
    while (!state.mayGoOn) await scheduler.wait(5)
    return undefined
  })
  const reached = async (): Promise<void> => {
    while (state.atD1 === 0) await scheduler.wait(5)
  }
  return { reached, goOn: () => (state.mayGoOn = true) }
}

const abort = async (stub: DurableObjectStub): Promise<void> => {
  await runInDurableObject(stub, (_, state) => state.abort('reset by a test')).catch(() => undefined)
}

const expected: Record<string, Json> = {}

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
  await send('contribution.created', [aContribution(), aContribution(), aContribution({ user: { id: 2 } })])
  for (const [kind, path] of kinds) expected[kind] = await read(path)
})

describe.each(kinds)('a %s', (kind, path, object) => {
  it('is called once while it is overloaded, and the caller gets 503', async () => {
    const { counted, broken } = failing(99, { overloaded: true, retryable: true })
    await expectUnavailable(await askWith(path, broken))
    expect(counted.failures).toBe(1)
  })

  it.each(['retryable', 'durableObjectReset'])(
    'is called again after it was lost once or twice (%s)',
    async (mark) => {
      for (const times of [1, 2]) {
        const { broken } = failing(times, { [mark]: true })
        expect(await (await askWith(path, broken)).json()).toEqual(expected[kind])
      }
      await expectUnavailable(await askWith(path, failing(99, { [mark]: true }).broken))
    },
  )

  it('is called again if it is aborted while it waits for D1, and answers the same', async () => {
    await abort(object())
    setClock(noon + 10_000)
    const { reached, goOn } = stopAtD1()
    const answers = Promise.all([fetchApi(path), fetchApi(path), fetchApi(path)])
    await reached()
    await abort(object())
    goOn()
    for (const response of await answers) {
      const { as_of: _, window: __, ...rest } = (await response.json()) as Json
      expect([response.status, expected[kind]]).toMatchObject([200, rest])
    }
  })

  it('loses nothing and counts nothing twice if it is evicted or aborted between two refreshes', async () => {
    // A board has a timer running, so nothing but an abort ends it within a minute.
    const evict = kind === 'LiveRanking' ? abort : evictDurableObject
    for (const [index, end] of [abort, evict, abort].entries()) {
      await send('contribution.created', [aContribution(), aContribution({ user: { id: 2 } })])
      await end(object())
      setClock(noon + 10_000 * (index + 1))
      const answer = await read(path)
      const count = answer.lifetime?.total ?? answer.entries?.[0].count ?? answer.value ?? answer.position
      expect(count).toBe(
        {
          UserCounter: 3 + index,
          LiveRanking: 3 + index,
          LogScans: 2,
          LogSummary: 5 + 2 * index,
          UserDirectory: 5 + 2 * index,
        }[kind],
      )
      expect(answer.position).toBe(5 + 2 * index)
    }
  })
})
