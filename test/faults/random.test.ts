import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { rankingOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { compareWithOracle } from '../support/compare.ts'
import { breakD1, expectUnavailable, overloaded, type Fault } from '../support/faults.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { logAt } from '../support/logAt.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { scenario } from '../support/scenario.ts'
import { fetchApi, post, type Json } from '../support/site.ts'

const attemptsMax = 100
const board = 'overall'
const path = `/v1/leaderboards/${board}?window=30d&limit=100`

/** What happens to consecutive calls of D1: stretches with and without faults, some of them one call long. */
const faults: fc.Arbitrary<(Fault | undefined)[]> = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: 4, arbitrary: fc.boolean().map((commits) => ({ ...overloaded, commits })) },
        {
          weight: 1,
          arbitrary: fc.boolean().map((commits) => ({ text: 'Network connection lost.', commits })),
        },
      ),
      fc.integer({ min: 1, max: 10 }),
    ),
    { minLength: 5, maxLength: 30 },
  )
  .map((stretches) => stretches.flatMap(([fault, calls]) => Array.from({ length: calls }, () => fault)))

const step = fc.record({
  user: fc.constantFrom(1, 2, 3),
  ends: fc.constantFrom('none', 'none', 'none', 'counter', 'board'),
})

/** What the service has accepted so far, which reads must reflect. */
interface Accepted {
  /** The least position that a fresh answer has. */
  position: number
  /** Users of accepted contributions. */
  known: Set<number>
  /** Users of any user.* message, accepted or not, which may take them off a page. */
  flagged: Set<number>
}

/** How often callers saw each outcome, in all runs. */
const saw = { writesRefused: 0, readsRefused: 0, fresh: 0, aged: 0 }

/** Counts a response. Returns whether it has an answer to check. */
const isThere = async (response: Response): Promise<boolean> => {
  if (response.status === 503) {
    await expectUnavailable(response)
    saw.readsRefused += 1
    return false
  }
  if (response.headers.has('age')) saw.aged += 1
  else saw.fresh += 1
  return true
}

const itemsOf = ({ data }: SentMessage): Json[] => (Array.isArray(data) ? data : [data])

const note = (message: SentMessage, accepted: Accepted): void => {
  if (message.type.startsWith('user.')) for (const { id } of itemsOf(message)) accepted.flagged.add(id)
}

/** Checks that the log has each item at the position in the answer. */
const checkAnswer = async (message: SentMessage, { results, conflict }: Json): Promise<void> => {
  expect([results.length, conflict ?? 0]).toEqual([itemsOf(message).length, 0])
  for (const [index, item] of itemsOf(message).entries()) {
    if (message.type !== 'contribution.created' || results[index].position === undefined) continue
    const row = await env.DB.prepare(
      'SELECT content_type AS type, content_id AS id FROM events WHERE position = ?',
    )
      .bind(results[index].position)
      .first()
    expect(row).toEqual({ type: item.content.type, id: item.content.id })
  }
}

const checkUser = async (id: number, accepted: Accepted): Promise<void> => {
  const response = await fetchApi(`/v1/users/${id}`)
  if (!(await isThere(response))) return
  const body = (await response.json()) as Json
  if (response.status === 404) return expect(accepted.known.has(id) && !accepted.flagged.has(id)).toBe(false)
  if (!response.headers.has('age')) expect(body.position).toBeGreaterThanOrEqual(accepted.position)
  const asOf = Date.parse(body.as_of)
  const truth = await logAt(body.position)
  expect(body.lifetime).toEqual(truth.counts(id, { from: null, to: null }))
  for (const days of [7, 30, 90, 365]) {
    expect(body.windows[`${days}d`]).toEqual(truth.counts(id, { from: asOf - days * 86_400_000, to: null }))
  }
}

const checkBoard = async (accepted: Accepted): Promise<void> => {
  const response = await fetchApi(path)
  if (!(await isThere(response))) return
  const { entries, total, position, as_of } = (await response.json()) as Json
  if (!response.headers.has('age')) expect(position).toBeGreaterThanOrEqual(accepted.position)
  const from = Date.parse(as_of) - 30 * 86_400_000
  const everybody = (await logAt(position)).board(board, { from, to: null })
  const shown = new Set(entries.map(({ user }: Json) => user.id))
  const ofWhomShown = everybody.filter(({ user }) => shown.has(user['id']))
  for (const { user } of everybody) {
    if (!shown.has(user['id'])) expect(accepted.flagged).toContain(user['id'])
  }
  const facts = ({ user, count, last_contribution_at }: Json): Json => [user.id, count, last_contribution_at]
  expect(entries.map(facts)).toEqual(ofWhomShown.map(facts))
  expect(total).toBe(entries.length)
}

/** Ends an object as the platform may at any time. */
const end = async (what: string, user: number): Promise<void> => {
  if (what === 'counter') {
    // An object that is not running cannot be evicted.
    await evictDurableObject(env.USER_COUNTERS.getByName(String(user))).catch(() => undefined)
  }
  if (what !== 'board') return
  const stub = rankingOf(env, { of: board, windowDays: 30, locale: null, product: null })
  await runInDurableObject(stub, (_, state) => state.abort()).catch(() => undefined)
}

it('whatever fails, a message that is sent until it is accepted counts once, and every read is right or 503', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenario,
      faults,
      fc.array(step, { minLength: 1, maxLength: 10 }),
      async ({ facts, deliveries }, planned, steps) => {
        vi.restoreAllMocks()
        await freshLog()
        const left = [...planned]
        let now = noon
        const accepted: Accepted = { position: 0, known: new Set(), flagged: new Set() }
        breakD1(() => left.shift())
        const wander = async (index: number): Promise<void> => {
          const { user, ends } = steps[index % steps.length] ?? { user: 1, ends: 'none' }
          await end(ends, user)
          now += 2500
          setClock(now)
          await checkUser(user, accepted)
          await checkBoard(accepted)
        }
        for (const [index, message] of deliveries.entries()) {
          note(message, accepted)
          for (let attempt = 1; ; attempt += 1) {
            const response = await post(JSON.stringify(message))
            if (response.status === 200) {
              const answer = (await response.json()) as Json
              await checkAnswer(message, answer)
              accepted.position = Math.max(accepted.position, answer.position)
              break
            }
            await expectUnavailable(response)
            saw.writesRefused += 1
            expect(attempt).toBeLessThan(attemptsMax)
            await wander(index + attempt)
          }
          if (message.type === 'contribution.created')
            for (const { user } of itemsOf(message)) accepted.known.add(user.id)
          await wander(index)
        }
        vi.restoreAllMocks()
        setClock((now += 5000))
        await compareWithOracle(new Oracle(facts), now, { asOf: undefined, windowDays: 30, filter: {} })
      },
    ),
    { numRuns: amount(6, 25), endOnFailure: true },
  )
  for (const count of Object.values(saw)) expect(count).toBeGreaterThan(amount(0, 10))
})
