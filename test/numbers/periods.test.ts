import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { compareWithOracle } from '../support/compare.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { pastMoment, period, scenario, seldomFilter } from '../support/scenario.ts'
import { fetchApi, read, send } from '../support/site.ts'

const deliver = async (deliveries: readonly SentMessage[]): Promise<void> => {
  await freshLog()
  setClock(noon - 10_000)
  for (const { type, data, timestamp } of deliveries) await send(type, data, timestamp)
  setClock(noon)
}

it('numbers in any period, live and as of past instants, equal brute force', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenario,
      fc.array(fc.tuple(period, fc.option(pastMoment, { nil: undefined, freq: 1 }), seldomFilter), {
        minLength: 2,
        maxLength: 2,
      }),
      async ({ facts, deliveries }, questions) => {
        await deliver(deliveries)
        const oracle = new Oracle(facts)
        for (const [asked, asOf, narrowed] of questions)
          await compareWithOracle(oracle, noon, { asOf, windowDays: null, filter: narrowed, period: asked })
      },
    ),
    { numRuns: amount(25, 250) },
  )
})

it('adjacent periods add up, wherever they are cut', async () => {
  const cut = fc.integer({ min: 0, max: 4010 * 86_400_000 }).map((before) => noon - before)
  const fixed = fc.constantFrom(...[0, 1, 7, 30, 90, 365, 4000].map((days) => noon - days * 86_400_000))
  const cuts = fc.uniqueArray(fc.oneof(cut, fixed), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(scenario, cuts, async ({ deliveries }, instants) => {
      await deliver(deliveries)
      const ends = instants.toSorted((left, right) => left - right).map((at) => new Date(at).toISOString())
      const parts = [undefined, ...ends].map((from, index) =>
        new URLSearchParams({ ...(from && { from }), ...(ends[index] && { to: ends[index] }) }).toString(),
      )
      for (const id of [1, 2, 3, 9, 10]) {
        const response = await fetchApi(`/v1/users/${id}`)
        const { lifetime } = await response.json<{ lifetime: { total: number } }>()
        if (response.status === 404) continue
        const periods = await Promise.all(parts.map(async (part) => read(`/v1/users/${id}?${part}`)))
        const totals = periods.map(({ period: { total } }) => total)
        expect(totals.reduce((sum, total) => sum + total, 0)).toBe(lifetime.total)
      }
    }),
    { numRuns: amount(15, 150) },
  )
})
