import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/contributions/countedUsers.ts'
import { Ranking } from '../../src/contributions/ranking.ts'

interface Known {
  count: number
  newest: number
  excluded: boolean
}

/** Brute force: everything sorted and counted afresh. */
const ranked = (users: Map<number, Known>) => {
  const shown = [...users].filter(([, { count, excluded }]) => count > 0 && !excluded)
  shown.sort(([leftId, left], [rightId, right]) => right.count - left.count || leftId - rightId)
  return shown.map(([userId, { count, newest }]) => ({
    userId,
    rank: 1 + shown.filter(([, other]) => other.count > count).length,
    count,
    newest,
  }))
}

const userId = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      changes: fc.uniqueArray(
        fc.record({
          userId,
          delta: fc.oneof(fc.integer({ min: -3, max: 4 }), fc.constant(70_000)),
          newest: fc.integer({ min: 0, max: 9 }),
          excluded: fc.boolean(),
        }),
        { selector: (change) => change.userId, maxLength: 8 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ exclude: fc.array(fc.tuple(userId, fc.boolean()), { maxLength: 4 }) }),
  },
)

describe('a ranking', () => {
  it('equals brute force in every index, rank, slice, threshold count and total after any changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const users = new Map<number, Known>()
        const ranking = new Ranking()
        for (const each of steps) {
          if ('exclude' in each) {
            ranking.exclude(new Map(each.exclude))
            for (const [id, excluded] of new Map(each.exclude)) {
              const user = users.get(id)
              if (user) user.excluded = excluded
            }
          } else {
            const changes = each.changes
              .map((change): Change => ({
                ...change,
                delta: Math.max(change.delta, -(users.get(change.userId)?.count ?? 0)),
              }))
              .sort((left, right) => left.userId - right.userId)
            ranking.apply(changes)
            for (const { userId: id, delta, newest, excluded } of changes) {
              const before = users.get(id) ?? { count: 0, newest: -Infinity, excluded }
              const after = { count: before.count + delta, newest: Math.max(before.newest, newest), excluded }
              if (after.count === 0) users.delete(id)
              else users.set(id, after)
            }
          }
          const expected = ranked(users)
          expect(ranking.total).toBe(expected.length)
          expect(ranking.slice(0, 1000)).toEqual(expected)
          expect(ranking.slice(2, 3)).toEqual(expected.slice(2, 5))
          for (const id of [...users.keys(), 5, 77]) {
            expect(ranking.indexOf(id)).toBe(expected.findIndex((user) => user.userId === id))
          }
          for (const min of [1, 2, 3, 5, 70_000]) {
            expect(ranking.usersWithAtLeast(min)).toBe(expected.filter(({ count }) => count >= min).length)
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('does not know the newest instant of a user with a reversal until it is set', () => {
    const ranking = new Ranking()
    const change = { userId: 1, delta: 1, excluded: false }
    ranking.apply([{ ...change, newest: 5 }])
    ranking.apply([{ ...change, delta: 0, newest: NaN }])
    ranking.apply([{ ...change, newest: 9 }])
    expect(ranking.slice(0, 1)).toEqual([{ userId: 1, rank: 1, count: 2, newest: NaN }])
    ranking.learnNewest(1, 9)
    expect(ranking.slice(0, 1)[0]?.newest).toBe(9)
  })

  it('throws for a count below 0', () => {
    const lost = { userId: 1, delta: -1, newest: -Infinity, excluded: false }
    expect(() => new Ranking().apply([lost])).toThrow('Cannot count -1 for user 1')
  })

  it('takes less than 40 MB for a million users', () => {
    const ranking = new Ranking()
    const changes = Array.from({ length: 1_000_000 }, (_, index) => ({
      userId: 1 + index * 7,
      delta: 1 + ((index * 31) % 977),
      newest: index,
      excluded: false,
    }))
    ranking.apply(changes)
    expect(ranking.bytes).toBeLessThan(40 * 1_048_576)
    expect(ranking.total).toBe(1_000_000)
    const index = ranking.indexOf(1 + 500_000 * 7)
    expect(ranking.slice(index, 1)[0]?.userId).toBe(1 + 500_000 * 7)
  })
})
