import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { rankingsToAudit } from '../../src/audit/auditedRanking.ts'
import { LogColumns } from '../../src/projections/columns/LogColumns.ts'
import { LiveRanking } from '../../src/projections/ranking/LiveRanking.ts'
import { LogSummary } from '../../src/projections/summary/LogSummary.ts'
import { UserCounter } from '../../src/projections/user/UserCounter.ts'
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import type { SentMessage } from '../support/oracle.ts'
import { scenario } from '../support/scenario.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

const day = 86_400_000

/** Random sites, each audited once: a hundred refreshes, with changes before and after each. */
const runs = 3

const readers = [
  ...[1, 2, 3, 9, 10].map((id) => `/v1/users/${id}`),
  '/v1/leaderboards/support-forum?window=30d',
  '/v1/leaderboards/overall?window=7d',
  '/v1/leaderboards/kb?window=all',
  '/v1/metrics/active_contributors',
  '/v1/status',
  '/v1/community',
]

const readAll = async (): Promise<void> => {
  await Promise.all(
    readers.map(async (path) => {
      const response = await fetchApi(path)
      expect([200, 404]).toContain(response.status)
      await response.body?.cancel()
    }),
  )
}

let changes = 0

/** The next of an endless series of messages: contributions, reversals, flags and names that change back and forth. */
const aChange = (at: number): SentMessage => {
  changes += 1
  const id = 1 + (changes % 3)
  const round = Math.floor(changes / 4)
  const timestamp = new Date(at + changes).toISOString() // each later than the one before, so that it counts
  const content = { type: 'questions.answer', id: `change ${changes % 5}` }
  const data = [
    aContribution({ user: { id } }),
    { id, is_hidden: round % 2 === 0, is_system: round % 5 === 1, username: `name ${changes}` },
    aContribution({ user: { id }, type: 'kb_edit', locale: 'de', content }),
    { content, reason: 'spam' },
  ]
  const types = ['contribution.created', 'user.updated', 'contribution.created', 'contribution.retracted']
  return { type: types[changes % 4] ?? '', data: data[changes % 4], timestamp }
}

/** Calls `happen` just before every projection refreshes for an audit, and between its answer and the recount. */
const interrupt = (happen: () => Promise<void>): void => {
  for (const { prototype } of [UserCounter, LiveRanking, LogSummary, LogColumns]) {
    const answer = prototype.audit as (this: unknown, now: number) => Promise<Json>
    vi.spyOn(prototype, 'audit').mockImplementation(async function busy(this: unknown, now: number) {
      await happen()
      const held = await answer.call(this, now)
      await happen()
      return held
    })
  }
}

it('an audit raises no false alarm whatever changes between a refresh and its recount', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const paces = fc.array(fc.constantFrom(0, 1, 999, 2000, 61_000, day - 1, 7 * day), {
    minLength: 3,
    maxLength: 6,
  })
  const compared = { users: 0, changes: 0 }
  let happen = async (): Promise<void> => undefined
  interrupt(async () => await happen())
  await fc.assert(
    fc.asyncProperty(scenario, paces, async ({ deliveries }, paced) => {
      await freshLog()
      let now = noon
      setClock(now)
      const before = deliveries.length >>> 1
      for (const { type, data, timestamp } of deliveries.slice(0, before)) await send(type, data, timestamp)
      await readAll()
      const rest = deliveries.slice(before)
      happen = async () => {
        compared.changes += 1
        const { type, data, timestamp } = rest.shift() ?? aChange(now)
        await send(type, data, timestamp)
      }
      /** Between steps time passes, everything is read, and an object may be evicted. */
      let steps = 0
      const between = async (): Promise<void> => {
        steps += 1
        if (steps % 4 !== 0) return
        now += paced[steps % paced.length] ?? 0
        setClock(now)
        await readAll()
        if (steps % 3 === 0) await evictDurableObject(env.USER_COUNTERS.getByName('1'))
      }
      const result = await audit('users=1000', between)
      expect(result).toMatchObject({ boards: rankingsToAudit.length, drift: 0, found: [] })
      compared.users += Number(result.users)
      expect((await read('/v1/status')).audit).toMatchObject({ drift: 0, last_drift_at: null })
    }),
    { numRuns: runs, endOnFailure: true },
  )
  expect(compared.users).toBeGreaterThan(runs)
  expect(compared.changes).toBeGreaterThan(runs * 2 * rankingsToAudit.length)
})
