import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { auditedRanking, rankingsToAudit } from '../../src/audit/auditedRanking.ts'
import { noon, setClock } from '../support/clock.ts'
import { read, type Json } from '../support/site.ts'

const day = 86_400_000

/** An import that knows only the date: as many users, with the longest ids, as made one slice too large for D1. */
const users = 150_000
const instant = Date.parse('2026-11-19T00:00:00Z')
const lastId = Number.MAX_SAFE_INTEGER

/** D1 rejects a value of more than 2 MB (developers.cloudflare.com/d1/platform/limits), but not on a developer's machine. */
const valueBytes = 2_000_000

/** The largest value that D1 returns to any object or to the Worker from now on. */
const watchValues = (): { largest: number } => {
  const seen = { largest: 0 }
  const prototype: D1Database = Object.getPrototypeOf(env.DB)
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  vi.spyOn(prototype, 'batch').mockImplementation(async function watch(this: D1Database, statements) {
    const results = await batch.call(this, statements)
    for (const value of results.flatMap(({ results: rows }) =>
      rows.flatMap((row) => Object.values(row as Json)),
    ))
      if (typeof value === 'string')
        seen.largest = Math.max(seen.largest, new TextEncoder().encode(value).length)
    return results
  })
  return seen
}

let seen = { largest: 0 }

beforeAll(async () => {
  setClock(noon)
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${users - 1})`
  await env.DB.batch([
    env.DB.prepare(`INSERT INTO users (id, revision) ${numbers} SELECT ${lastId} - n, 1 FROM numbers`),
    // The user with the last id has more than one contribution at that instant.
    env.DB.prepare(
      `INSERT INTO events (type, content_type, content_id, user_id, occurred_at, recorded_at)
       ${numbers} SELECT 'answer', 'answer', n, ${lastId} - n, ?1, ?1 FROM numbers
       UNION ALL SELECT 'answer', 'answer', 'second', ${lastId}, ?1, ?1`,
    ).bind(instant),
  ])
  seen = watchValues()
}, 120_000)

beforeEach(() => {
  seen.largest = 0
})

it('150,000 users of one millisecond are ranked without a value too large for D1', async () => {
  const { total, entries } = await read('/v1/leaderboards/support-forum?window=7d&limit=2')
  const placesOf = entries.map(({ rank, count, user }: Json) => [rank, count, user.id])
  expect([total, placesOf]).toEqual([users, [[1, 2, lastId], [2, 1, lastId - users + 1]]]) // prettier-ignore
  expect(seen.largest).toBeLessThan(valueBytes)
})

it('users of one millisecond are ranked at a past instant too', async () => {
  const asOf = new Date(noon - 1000).toISOString()
  const { total, entries } = await read(`/v1/leaderboards/support-forum?window=7d&limit=1&as_of=${asOf}`)
  expect([total, entries[0].count]).toEqual([users, 2])
  expect(seen.largest).toBeLessThan(valueBytes)
})

it('users of one millisecond are counted on each of their days', async () => {
  const { points } = await read('/v1/metrics/active_contributors/history?from=2026-11-18&to=2026-11-21')
  expect(points.map(({ value }: Json) => value)).toEqual([0, 0, users])
  expect(seen.largest).toBeLessThan(valueBytes)
})

it('an audit finds no drift in a ranking of users of one millisecond', async () => {
  const board = rankingsToAudit.find(({ of, windowDays }) => of === 'support-forum' && windowDays === 7)
  if (board === undefined) throw new Error('The board is not audited')
  const audited = auditedRanking(env, board, noon)
  expect(await audited.compare()).toEqual({ differs: [], eventsRead: 0 })
  expect(seen.largest).toBeLessThan(valueBytes)
})

it('users of one millisecond leave a window at once', async () => {
  setClock(instant + 7 * day)
  expect((await read('/v1/leaderboards/support-forum?window=7d')).total).toBe(users)
  setClock(instant + 7 * day + 3000)
  expect(await read('/v1/leaderboards/support-forum?window=7d')).toMatchObject({ total: 0, entries: [] })
  expect(seen.largest).toBeLessThan(valueBytes)
})
