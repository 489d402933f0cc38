import * as fc from 'fast-check'
import { it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { compareMembers, compareWithOracle } from '../support/compare.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle } from '../support/oracle.ts'
import { measure, pastMoment, period, scenario, seldomFilter, windowDays } from '../support/scenario.ts'
import { send } from '../support/site.ts'

it('boards, metrics and their members, counted by parents and by days, in windows and periods, equal brute force', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenario,
      period,
      windowDays,
      measure,
      fc.option(pastMoment, { nil: undefined, freq: 1 }),
      seldomFilter,
      async ({ facts, deliveries }, asked, days, counted, asOf, narrowed) => {
        await freshLog()
        setClock(noon - 10_000)
        for (const { type, data, timestamp } of deliveries) await send(type, data, timestamp)
        setClock(noon)
        const oracle = new Oracle(facts)
        const question = { asOf, windowDays: days, filter: narrowed, measure: counted }
        await compareWithOracle(oracle, noon, question)
        // A period and a measure share the time zone.
        const timeZone = asked.parameters['time_zone'] ?? 'UTC'
        const inPeriod = { ...question, period: asked, measure: { ...counted, timeZone } }
        await compareWithOracle(oracle, noon, inPeriod)
        await compareMembers(oracle, noon, inPeriod)
      },
    ),
    { numRuns: amount(25, 250) },
  )
})
