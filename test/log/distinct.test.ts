import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { countContributions } from '../../src/contributions/selection.ts'
import { boards } from '../../src/definitions/definitions.ts'
import { readDistinctCounts } from '../../src/log/queries/distinct.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, send } from '../support/site.ts'

const overall = boards.find(({ board }) => board === 'overall')
if (overall === undefined) throw new Error('No board counts every type')

const selection = {
  rule: overall,
  window: { from: noon - 1000, to: noon },
  locale: undefined,
  product: undefined,
  defaultLocale: 'en-US',
  measure: countContributions,
  position: Number.MAX_SAFE_INTEGER,
}

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

it('distinct parents are the same in one statement and user by user, in steps of any size', async () => {
  const act = fc.record({
    id: fc.integer({ min: 1, max: 5 }),
    parent: fc.option(fc.constantFrom('1', '2', '3')),
    milliseconds: fc.integer({ min: -2, max: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (acts, usersEvents) => {
        await freshLog()
        const data = acts.map(({ id, parent, milliseconds }) =>
          aContribution({
            user: { id },
            parent: parent === null ? null : { type: 'q', id: parent },
            occurred_at: new Date(noon - 1000 + milliseconds).toISOString(),
          }),
        )
        await send('contribution.created', data)
        const expected = new Map<number, number>()
        const inside = acts.filter(({ parent, milliseconds }) => parent !== null && milliseconds >= 0)
        for (const [id, own] of Map.groupBy(inside, (one) => one.id))
          expected.set(id, new Set(own.map(({ parent }) => parent)).size)
        for (const isLong of [false, true]) {
          const counted = new Map<number, number>()
          const measured = { ...selection, measure: { of: 'parents', isLong } as const }
          for await (const [changes = []] of readDistinctCounts(env.DB, measured, ['metric'], usersEvents))
            for (const { userId, delta } of changes) {
              expect(counted.has(userId)).toBe(false)
              counted.set(userId, delta)
            }
          expect(counted).toEqual(expected)
        }
      },
    ),
    { numRuns: 25 },
  )
})
