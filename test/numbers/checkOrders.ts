import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { compareWithOracle } from '../support/compare.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle } from '../support/oracle.ts'
import { amount } from '../support/form.ts'
import { filter, scenario, windowDays } from '../support/scenario.ts'
import { read, send } from '../support/site.ts'

/** How many scenarios each of the two files tries that call this in parallel. */
const orders = amount(25, 250)

/** Sends random scenarios in random order, with repetitions, and compares every endpoint with the oracle, as of `moments`. */
export const checkOrders = async (moments: fc.Arbitrary<number | undefined>): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(
      scenario,
      moments,
      windowDays,
      filter,
      async ({ facts, deliveries }, asOf, days, narrowed) => {
        await freshLog()
        setClock(noon - 10_000)
        const oracle = new Oracle(facts)
        for (const [index, message] of deliveries.entries()) {
          await send(message.type, message.data, message.timestamp)
          // A counter that refreshes in between must reach the same numbers as one that refreshes once.
          if (index % 5 === 4)
            for (const id of oracle.userIds()) await read(`/v1/users/${id}`).catch(() => undefined)
        }
        setClock(noon)
        await compareWithOracle(oracle, noon, { asOf, windowDays: days, filter: narrowed })
        const { results } = await env.DB.prepare(
          'SELECT count(*) AS broken FROM (SELECT sum(delta) AS sum FROM events GROUP BY type, content_type, content_id) WHERE sum NOT IN (0, 1)',
        ).all()
        expect(results).toEqual([{ broken: 0 }])
      },
    ),
    { numRuns: orders },
  )
}
