import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCard } from '../support/card.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { metricRules, Oracle, types } from '../support/oracle.ts'
import { daysAfter, startOf } from '../support/oracleCalendar.ts'
import { calendarOf, historyOf, type Days } from '../support/oracleDays.ts'
import { edgeDays, pastMoment, scenario, seldomFilter, timeZone } from '../support/scenario.ts'
import { read, send, type Json } from '../support/site.ts'

const day = 86_400_000

/** A range of days that ends with an edge or ahead of the present, often long enough for most of a scenario's contributions. */
const days: fc.Arbitrary<Days> = fc
  .record({
    to: fc.constantFrom('2026-12-10', '2026-12-10', ...edgeDays),
    before: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(420)),
    timeZone,
  })
  .map(({ to, before, timeZone: zone }) => ({ from: daysAfter(to, -before), to, timeZone: zone }))

const aType = fc.option(fc.constantFrom(...types), { nil: undefined })

const question = fc.record({
  days,
  metric: fc.constantFrom('active_contributors', ...Object.keys(metricRules)),
  filter: seldomFilter,
  type: aType,
  windowDays: fc.constantFrom(1, 7, 30, null),
  asOf: fc.option(pastMoment, { nil: undefined }),
})

const query = (parameters: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()

/** The three numbers that a card says in words. */
const numbersOfCard = (description: string): number[] => {
  if (/^(As of [0-9-]+: )?No contributions/.test(description)) return [0, 0, 0]
  return [/^(?:As of [0-9-]+: )?(\d+) contributions?/, /, (\d+) in 30 days/, /, (\d+) in 90 days/].map(
    (number) => Number(number.exec(description)?.[1] ?? Number.NaN),
  )
}

it('histories of metrics, calendars, cards and badges equal brute force after messages in random order', async () => {
  let counted = 0
  await fc.assert(
    fc.asyncProperty(
      scenario,
      fc.array(question, { minLength: 3, maxLength: 3 }),
      async ({ facts, deliveries }, questions) => {
        await freshLog()
        setClock(noon - 10_000)
        for (const { type, data, timestamp } of deliveries) await send(type, data, timestamp)
        setClock(noon)
        const oracle = new Oracle(facts)
        const shown = oracle.userIds().filter((id) => oracle.profile(id) !== undefined)
        for (const asked of questions) {
          const { from, to, timeZone: time_zone } = asked.days
          const range = { from, to, time_zone }
          const { locale, product, group } = asked.filter
          const history: Json = await read(
            `/v1/metrics/${asked.metric}/history?${query({ ...range, ...asked.filter })}`,
          )
          const exists = (date: string): boolean =>
            startOf(date, time_zone) < startOf(daysAfter(date, 1), time_zone)
          const points = historyOf(
            oracle,
            asked.metric,
            asked.days,
            (one) =>
              (locale ?? one.locale ?? '') === (one.locale ?? '') &&
              (product ?? one.product ?? '') === (one.product ?? '') &&
              (group === undefined || oracle.isIn(one.user.id, group)),
          )
          expect(history.points).toEqual(points.filter(({ date }) => exists(date)))
          counted += points.filter(({ value }) => value > 0).length

          const moment = asked.asOf ?? noon
          const as_of = asked.asOf === undefined ? undefined : new Date(asked.asOf).toISOString()
          const upper = asked.asOf ?? null
          for (const id of shown) {
            const calendar: Json = await read(
              `/v1/users/${id}/calendar?${query({ ...range, type: asked.type })}`,
            )
            expect(calendar).toMatchObject(calendarOf(oracle, id, asked.days, asked.type))
            counted += calendar.days.length

            const window = asked.windowDays === null ? 'all' : `${asked.windowDays}d`
            const badge: Json = await read(
              `/v1/users/${id}/badge.json?${query({ window, type: asked.type, as_of })}`,
            )
            const span = {
              from: asked.windowDays === null ? null : moment - asked.windowDays * day,
              to: upper,
            }
            expect(badge.message).toBe(String(oracle.listed(id, span, asked.type).length))

            const { description } = await readCard(`/v1/users/${id}/card.svg?${query({ as_of })}`)
            expect(numbersOfCard(description)).toEqual(
              [null, 30, 90].map(
                (length) =>
                  oracle.listed(id, { from: length === null ? null : moment - length * day, to: upper })
                    .length,
              ),
            )
          }
        }
      },
    ),
    { numRuns: amount(25, 500) },
  )
  expect(counted).toBeGreaterThan(amount(50, 1000))
})
