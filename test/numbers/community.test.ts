import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { communityMoment, communityStory, timeZones } from '../support/communityStory.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { numbersIn } from '../support/numbersIn.ts'
import { Oracle, shownSpan, type SentMessage } from '../support/oracle.ts'
import {
  cohortsOf,
  communityOf,
  communityWindow,
  responsesOf,
  type CommunityQuestion,
} from '../support/oracleCommunity.ts'
import { rules } from '../support/oracleRules.ts'
import type { IntervalName } from '../support/oracleVolume.ts'
import { period, seldomFilter } from '../support/scenario.ts'
import { read, send, type Json } from '../support/site.ts'

const deliver = async (deliveries: readonly SentMessage[]): Promise<void> => {
  await freshLog()
  setClock(noon - 10_000)
  // What is read half-way is followed from there on.
  const half = deliveries.length >>> 1
  for (const [index, { type, data, timestamp }] of deliveries.entries()) {
    if (index === half) await read('/v1/community?from=2026-11-16')
    await send(type, data, timestamp)
  }
  setClock(noon)
}

const addressOf = (route: string, parameters: Record<string, string | undefined>): string =>
  `${route}?${new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()}`

const interval = fc.constantFrom<Exclude<IntervalName, 'day'>>('week', 'week', 'month', 'quarter', 'year')
const rule = fc.constantFrom(...Object.keys(rules.metrics))

/** How many intervals of a length a range may have, so that brute force ends. */
const daysMax = { day: 20, week: 100, month: 400, quarter: 1200, year: 4000 }

const question = fc
  .record({
    asked: period.filter(({ span }) => span.from !== null && span.to !== null),
    asOf: communityMoment,
    interval,
    rule,
    filter: seldomFilter,
    isByDay: fc.boolean(),
  })
  .filter(({ asked: { span }, interval: unit }) => {
    const days = ((span.to ?? 0) - (span.from ?? 0)) / 86_400_000
    return days <= daysMax[unit]
  })

/** Reads a route, and returns the body without its position. */
const readAt = async (
  route: string,
  parameters: Record<string, string | undefined>,
): Promise<Record<string, unknown>> => {
  const { position, ...body }: Json = await read(addressOf(route, parameters))
  expect(position).toBe((await read('/healthz')).position)
  return body
}

describe('/v1/community, /v1/community/cohorts and /v1/responses', () => {
  it('equal brute force in any order of messages, zone and interval, live and as of past instants', async () => {
    const questions = fc.array(question, { minLength: 3, maxLength: 3 })
    let compared = 0
    await fc.assert(
      fc.asyncProperty(communityStory, questions, async ({ facts, deliveries }, asks) => {
        await deliver(deliveries)
        const oracle = new Oracle(facts)
        for (const { asked, asOf, interval: unit, rule: metric, filter, isByDay } of asks) {
          const timeZone = asked.parameters['time_zone'] ?? 'UTC'
          const asQuestion = (of: IntervalName): CommunityQuestion => ({
            from: asked.span.from ?? 0,
            to: asked.span.to ?? 0,
            interval: of,
            timeZone,
            filter,
            asOf: asOf ?? noon,
            live: asOf === undefined,
          })
          const parameters = {
            ...asked.parameters,
            ...filter,
            as_of: asOf === undefined ? undefined : new Date(asOf).toISOString(),
          }
          const shown = (of: IntervalName) => ({
            interval: of,
            time_zone: timeZone,
            window: shownSpan(communityWindow(asQuestion(of))),
            as_of: new Date(asOf ?? noon).toISOString(),
          })
          const active = { ...parameters, rule: metric, interval: unit }
          const points = communityOf(oracle, metric, asQuestion(unit))
          expect(await readAt('/v1/community', active)).toEqual({ rule: metric, ...shown(unit), points })
          const cohorts = cohortsOf(oracle, metric, asQuestion(unit))
          expect(await readAt('/v1/community/cohorts', active)).toEqual({
            rule: metric,
            ...shown(unit),
            cohorts,
          })
          const days = ((asked.span.to ?? 0) - (asked.span.from ?? 0)) / 86_400_000
          const byDay: IntervalName = isByDay && days <= daysMax.day ? 'day' : unit
          const responses = responsesOf(oracle, asQuestion(byDay))
          expect(await readAt('/v1/responses', { ...parameters, interval: byDay })).toEqual({
            ...shown(byDay),
            points: responses,
          })
          compared += numbersIn([points, cohorts, responses])
        }
      }),
      { numRuns: amount(20, 400) },
    )
    expect(compared).toBeGreaterThan(amount(1000, 20_000))
  })

  it('new, returning and resurrected people add up to the active ones, and cohorts to everyone who was ever active', async () => {
    await fc.assert(
      fc.asyncProperty(communityStory, interval, rule, async ({ facts, deliveries }, unit, metric) => {
        await deliver(deliveries)
        const zone = timeZones[facts.length % timeZones.length] ?? 'UTC'
        const asked = { rule: metric, interval: unit, from: '2025-10-01', to: '2026-12-01', time_zone: zone }
        const { points } = await read(addressOf('/v1/community', asked))
        for (const one of points) expect(one.new + one.returning + one.resurrected, one.date).toBe(one.active)
        const cohorts = unit === 'week' ? { ...asked, from: '2025-12-01', to: '2026-12-01' } : asked
        const found = await read(addressOf('/v1/community/cohorts', cohorts))
        const oracle = new Oracle(facts)
        const [counts] = rules.metrics[metric] ?? [() => false]
        const everybody = new Set(
          oracle
            .effective()
            .filter((one) => counts(one) && oracle.isCounted(one.user.id))
            .map((one) => one.user.id),
        )
        const sizes = found.cohorts.map(({ size }: Json): number => size)
        expect(sizes.reduce((sum: number, size: number) => sum + size, 0)).toBe(everybody.size)
      }),
      { numRuns: amount(6, 150) },
    )
  })
})
