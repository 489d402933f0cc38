import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, shownSpan, types, type SentMessage } from '../support/oracle.ts'
import { volumeOf, type GroupName, type IntervalName } from '../support/oracleVolume.ts'
import { pastMoment, period, scenario, seldomFilter } from '../support/scenario.ts'
import { read, send, type Json } from '../support/site.ts'

const deliver = async (deliveries: readonly SentMessage[]): Promise<void> => {
  await freshLog()
  setClock(noon - 10_000)
  for (const { type, data, timestamp } of deliveries) await send(type, data, timestamp)
  setClock(noon)
}

const addressOf = (parameters: Record<string, string | undefined>): string =>
  `/v1/volume?${new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()}`

const interval = fc.constantFrom<IntervalName>('day', 'week', 'month', 'quarter', 'year')
const groupBy = fc.option(fc.constantFrom<GroupName>('type', 'locale', 'product'), { nil: undefined })
const type = fc.option(fc.constantFrom(...types), { nil: undefined, freq: 1 })

it('volume by interval and group, in any period, live and as of past instants, equals brute force', async () => {
  const question = fc.record({
    asked: period.filter(({ span }) => span.from !== null && span.to !== null),
    asOf: fc.option(pastMoment, { nil: undefined, freq: 1 }),
    interval,
    groupBy,
    type,
    filter: seldomFilter,
  })
  const questions = fc.array(question, { minLength: 6, maxLength: 6 })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(scenario, questions, async ({ facts, deliveries }, asks) => {
      await deliver(deliveries)
      const oracle = new Oracle(facts)
      for (const { asked, asOf, filter: narrowed, groupBy: grouped, interval: unit, ...only } of asks) {
        const [from, to] = [asked.span.from ?? 0, asked.span.to ?? 0]
        if (unit === 'day' && to - from > 1000 * 86_400_000) continue
        const end = asOf === undefined ? to : Math.max(from, Math.min(to, asOf))
        const body = await read(
          addressOf({
            ...asked.parameters,
            ...narrowed,
            type: only.type,
            interval: unit,
            group_by: grouped,
            as_of: asOf === undefined ? undefined : new Date(asOf).toISOString(),
          }),
        )
        const timeZone = asked.parameters['time_zone'] ?? 'UTC'
        const expected = {
          from,
          to: end,
          interval: unit,
          timeZone,
          groupBy: grouped,
          type: only.type,
          filter: narrowed,
          asOf: asOf ?? noon,
        }
        expect(body).toEqual({
          interval: unit,
          time_zone: timeZone,
          window: shownSpan({ from, to: end }),
          as_of: new Date(asOf ?? noon).toISOString(),
          position: body.position,
          series: volumeOf(oracle, expected),
        })
        compared += 1
      }
    }),
    { numRuns: amount(25, 250) },
  )
  expect(compared).toBeGreaterThan(amount(75, 750))
})

it('the cells of all time add up to the contributions in the status without those of system accounts', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, interval, groupBy, async ({ facts, deliveries }, unit, grouped) => {
      await deliver(deliveries)
      const oracle = new Oracle(facts)
      const ofSystem = oracle.effective().filter((one) => !oracle.isCounted(one.user.id)).length
      const { contributions } = await read('/v1/status')
      const { series } = await read(
        addressOf({
          from: '2000-01-01',
          to: '2027-01-01',
          interval: unit === 'day' || unit === 'week' ? 'month' : unit,
          group_by: grouped,
          time_zone: 'America/Sao_Paulo',
        }),
      )
      const cells = series.flatMap(({ points }: Json) => points)
      const sum = cells.reduce((total: number, point: Json) => total + point.contributions, 0)
      expect(sum).toBe(contributions - ofSystem)
    }),
    { numRuns: amount(15, 150) },
  )
})
