import * as fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import type { ApiResult } from '../../src/pages/api/fetchApi.ts'
import { moversOf, type Mover } from '../../src/pages/boards/moversOf.ts'
import { defaultState } from '../../src/pages/dashboard/dashboardState.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { aContribution, read, send, type Json } from '../support/site.ts'

const day = 86_400_000

const load = async (): Promise<Mover[]> => {
  const fetchApi = async <Body>(path: string): Promise<ApiResult<Body>> => ({
    ok: true,
    body: (await read(path)) as Body,
  })
  const result = await moversOf({ ...defaultState, board: 'support-forum' }).load(fetchApi)
  return result.ok ? result.body.movers : expect.fail(result.detail)
}

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

it('movers are those whose count rose most, by at least 5, from the 30 days before to the last 30, as brute force finds them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 10, 29, 30, 31, 45, 59, 60, 61)), {
        minLength: 60,
        maxLength: 120,
        size: 'max',
      }),
      async (made) => {
        await freshLog()
        const data = made.map(([id, days]) =>
          aContribution({ user: { id }, occurred_at: new Date(noon - days * day).toISOString() }),
        )
        const timestamp = new Date(noon).toISOString()
        const sent: SentMessage[] = [{ type: 'contribution.created', timestamp, data }]
        await send('contribution.created', data, timestamp)
        const oracle = new Oracle(sent)
        const countsIn = (from: number, to: number | null): Map<unknown, number> =>
          new Map(
            oracle
              .board('support-forum', { from, to })
              .map(({ user, count }): [unknown, number] => [user['id'], count]),
          )
        const before = countsIn(noon - 60 * day, noon - 30 * day)
        const expected = [...countsIn(noon - 30 * day, null)]
          .map(([id, now]) => ({ id: Number(id), now, before: before.get(id) ?? 0 }))
          .filter((mover) => mover.now - mover.before >= 5)
          .toSorted((one, other) => other.now - other.before - (one.now - one.before) || one.id - other.id)
          .slice(0, 5)
        const movers = await load()
        expect(movers.map(({ user, ...mover }) => ({ id: user.id, ...mover }))).toEqual(
          expected.map((mover) => ({ ...mover, isExact: true })),
        )
      },
    ),
    { numRuns: 4 },
  )
})

it('a gain over an unknown earlier count is compared with the most that it can have been', async () => {
  const answers = (id: number, count: number, days: number) =>
    Array.from({ length: count }, () =>
      aContribution({ user: { id }, occurred_at: new Date(noon - days * day).toISOString() }),
    )
  const crowd = Array.from({ length: 100 }, (_, index) => answers(100 + index, 2, 40)).flat()
  await send('contribution.created', [...crowd, ...answers(7, 7, 10), ...answers(7, 1, 40)])
  const movers: Json[] = await load()
  expect(movers.map(({ user, ...mover }) => ({ id: user.id, ...mover }))).toEqual([
    { id: 7, now: 7, before: 2, isExact: false },
  ])
})
