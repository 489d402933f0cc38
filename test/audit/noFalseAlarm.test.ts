import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { rankingsToAudit } from '../../src/audit/auditedRanking.ts'
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { scenario } from '../support/scenario.ts'
import { ask, read, send } from '../support/site.ts'

const day = 86_400_000

const readers = [
  ...[1, 2, 3, 9, 10].map((id) => `/v1/users/${id}`),
  '/v1/leaderboards/support-forum?window=30d',
  '/v1/leaderboards/overall?window=7d',
  '/v1/leaderboards/kb?window=all',
  '/v1/metrics/active_contributors',
  '/v1/status',
]

const readAll = async (): Promise<void> => {
  await Promise.all(
    readers.map(async (path) => {
      const response = await ask(path)
      expect([200, 404]).toContain(response.status)
      await response.body?.cancel()
    }),
  )
}

it('an audit raises no false alarm while webhooks and readers come in, time goes on, and objects are evicted', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const paces = fc.array(fc.constantFrom(0, 1, 999, 2000, 61_000, day - 1, 7 * day), {
    minLength: 3,
    maxLength: 6,
  })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(scenario, paces, fc.nat(), async ({ deliveries }, milliseconds, start) => {
      await freshLog()
      setClock(noon)
      let now = noon
      let steps = start
      const before = deliveries.length >>> 1
      for (const { type, data, timestamp } of deliveries.slice(0, before)) await send(type, data, timestamp)
      await readAll()
      const rest = deliveries.slice(before)
      const underWay: Promise<unknown>[] = []
      /** Beside every step: a message that nobody waits for, everybody who reads, and some time. */
      const world = async (): Promise<void> => {
        steps += 1
        if (steps % 4 === 0) {
          now += milliseconds[steps % milliseconds.length] ?? 0
          setClock(now)
        }
        const message = rest.shift()
        if (message) underWay.push(send(message.type, message.data, message.timestamp))
        if (steps % 5 === 0) underWay.push(readAll())
        if (steps % 11 === 0) await evictDurableObject(env.USER_COUNTERS.getByName('1'))
      }
      const result = await audit('users=1000', world)
      expect(result).toMatchObject({ boards: rankingsToAudit.length, drift: 0, found: [] })
      compared += Number(result.users)
      await Promise.all(underWay)
      for (const { type, data, timestamp } of rest) await send(type, data, timestamp)
      expect(await audit()).toMatchObject({ drift: 0, found: [] })
      expect((await read('/v1/status')).audit).toMatchObject({ drift: 0, last_drift_at: null })
    }),
    { numRuns: 12, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(12)
}, 280_000)
