import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { compareStored } from '../../src/audit/auditTarget.ts'
import { Ranking, type RankingSnapshot } from '../../src/contributions/ranking.ts'
import { isFailure, type Result, LogUnavailable } from '../../src/failure.ts'
import { AuditSnapshot, CollectedSnapshot } from '../../src/projections/ranking/auditSnapshot.ts'
import { LiveRanking, type SnapshotSummary } from '../../src/projections/ranking/LiveRanking.ts'
import { rankingOf } from '../../src/projections/objects.ts'
import { RollingWindow } from '../../src/projections/ranking/rollingWindow.ts'
import { audit, authorization } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send } from '../support/site.ts'

const board = () => rankingOf(env, { of: 'support-forum', windowDays: 90, locale: null, product: null })

/** A ranking of `users` users, of whom the first `ranked` are ranked. */
const snapshotOf = (users: number, ranked: number): RankingSnapshot => ({
  userIds: Float64Array.from({ length: users }, (_, slot) => slot + 1),
  counts: Int32Array.from({ length: users }, (_, slot) => users - slot),
  newest: Float64Array.from({ length: users }, (_, slot) => (slot % 3 === 0 ? NaN : noon - slot)),
  excluded: Uint8Array.from({ length: users }, (_, slot) => Number(slot >= ranked)),
  order: Uint32Array.from({ length: ranked }, (_, index) => index),
})

const profilesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    username: `user ${index}`,
    display_name: null,
    avatar_url: null,
  }))

/** Whether two lists are the same; what differs in a million numbers is not worth printing. */
const isSameList = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  one.length === other.length && Array.prototype.every.call(one, (value, at) => Object.is(value, other[at]))

const expectSameRanking = (one: RankingSnapshot, other: RankingSnapshot): void => {
  for (const list of ['userIds', 'counts', 'newest', 'excluded', 'order'] as const)
    expect(isSameList(one[list], other[list]), list).toBe(true)
}

/** Fetches all parts of a snapshot. */
const collect = async (held: Result<SnapshotSummary>): Promise<CollectedSnapshot> => {
  if (isFailure(held)) throw new Error('The ranking is not available')
  const collected = new CollectedSnapshot(held)
  for (let number = 0; number < held.parts; number += 1) {
    const part = await board().auditPart(held.snapshot, number)
    if (part === undefined) throw new Error('The snapshot is gone')
    collected.add(number, part)
  }
  return collected
}

beforeEach(async () => {
  vi.restoreAllMocks()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await freshLog()
  setClock(noon)
  await send('contribution.created', [aContribution(), aContribution(), aContribution({ user: { id: 2 } })])
}, 60_000)

describe('a snapshot of a ranking', () => {
  it('is the same after it was split into parts, for any number of users, ranked users and profiles', () => {
    const sizes = fc.record({
      users: fc.constantFrom(0, 1, 199_999, 200_000, 200_001, 450_000),
      ranked: fc.double({ min: 0, max: 1, noNaN: true }),
      profiles: fc.constantFrom(0, 1, 1999, 2000, 2001, 5000),
    })
    fc.assert(
      fc.property(sizes, ({ users, ranked, profiles: count }) => {
        const ranking = snapshotOf(users, Math.floor(users * ranked))
        const profiles = profilesOf(count)
        const snapshot = new AuditSnapshot(ranking, profiles)
        const collected = new CollectedSnapshot(snapshot.size)
        for (let number = 0; number < snapshot.size.parts; number += 1) {
          collected.add(number, snapshot.part(number))
        }
        expectSameRanking(collected.ranking, ranking)
        expect(collected.profiles).toEqual(profiles)
      }),
      { numRuns: 12 },
    )
  })

  it('is fetched completely even for 1.5 million users, although an answer has at most 32 MiB', async () => {
    const ranking = snapshotOf(1_500_000, 1_400_000)
    vi.spyOn(Ranking.prototype, 'snapshot').mockReturnValue(ranking)
    const collected = await collect(await board().audit(noon))
    expectSameRanking(collected.ranking, ranking)
    expect(collected.profiles.map(({ id }) => id)).toEqual([1, 2])
  })

  it('does not change when the ranking changes while it is fetched', async () => {
    const held = await board().audit(noon)
    await send('contribution.created', [aContribution({ user: { id: 3 } })])
    const moved = await board().page({ now: noon + 2000, atLeast: 4 }, { limit: 10 })
    expect(moved).toMatchObject({ position: 4, total: 3 })
    const { ranking } = await collect(held)
    expect([held, [...ranking.userIds], [...ranking.counts]]).toMatchObject([{ position: 3 }, [1, 2], [2, 1]])
  })

  it('is taken again by an audit if the object was reset while it was fetched', async () => {
    const held = await board().audit(noon)
    await runInDurableObject(board(), (_, state) => state.abort()).catch(() => undefined)
    const name = isFailure(held) ? '' : held.snapshot
    expect(await board().auditPart(name, 0)).toBeUndefined()
    vi.spyOn(LiveRanking.prototype, 'auditPart').mockReturnValueOnce(undefined)
    expect(await audit()).toMatchObject({ boards: 44, drift: 0, found: [] })
  })
})

describe('a failure of the platform', () => {
  it('is not mistaken for drift: an answer of more than 32 MiB stops the audit', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const tooLarge = async (): Promise<SnapshotSummary> =>
      ({ asOf: new Uint8Array(33 * 2 ** 20) }) as unknown as SnapshotSummary
    const held = vi.spyOn(LiveRanking.prototype, 'audit').mockImplementation(tooLarge)
    const stopped = await fetchApi('/v1/audit', { method: 'POST', headers: authorization })
    expect(stopped.status).toBe(503)
    held.mockRestore()
    expect(await audit()).toMatchObject({ audit: 1, boards: 44, drift: 0, found: [] })
  })

  it.each([
    'Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: 34603136 bytes.',
    'Durable Object exceeded its CPU time limit and was reset.',
    "Durable Object's isolate exceeded its memory limit and was reset.",
    'Worker exceeded memory limit.',
    'Array buffer allocation failed',
    'Invalid typed array length: 4000000000',
    'database or disk is full: SQLITE_FULL',
  ])('is not mistaken for drift: %s', async (message) => {
    const failing = async (): Promise<never> => {
      throw Object.assign(new Error(message), { remote: true })
    }
    await expect(compareStored(() => null, failing, failing)).rejects.toThrow(LogUnavailable)
  })

  it('differs from an error in the object, which counts as drift', async () => {
    const failing = async (): Promise<never> => {
      throw Object.assign(new Error('no such table: events: SQLITE_ERROR'), { remote: true })
    }
    expect(await compareStored(() => null, failing, failing)).toEqual({
      differs: ['answer'],
      eventsRead: 0,
    })
  })
})

describe('the memory of a ranking', () => {
  it('is freed at the end of its audit, unless it had another reader', async () => {
    await read('/v1/leaderboards/support-forum')
    const freed = vi.spyOn(RollingWindow.prototype, 'forget')
    expect(await audit()).toMatchObject({ boards: 44, drift: 0 })
    expect(freed).toHaveBeenCalledTimes(43)
  })

  it('is not freed if it is read during its audit', async () => {
    const freed = vi.spyOn(RollingWindow.prototype, 'forget')
    await board().audit(noon)
    await read('/v1/leaderboards/support-forum')
    await board().endAudit()
    expect(freed).not.toHaveBeenCalled()
    await board().audit(noon + 5000)
    await board().endAudit()
    expect(freed).not.toHaveBeenCalled()
  })
})
