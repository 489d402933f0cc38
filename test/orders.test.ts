import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { noon, setClock } from './support/clock.ts'
import { compareWithOracle } from './support/compare.ts'
import { freshLog } from './support/freshLog.ts'
import { Oracle } from './support/oracle.ts'
import { filter, moment, scenario, windowDays } from './support/scenario.ts'
import { read, send } from './support/site.ts'

it('gives the numbers of the oracle in 500 random orders, with repetitions, single and in batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      scenario,
      moment,
      windowDays,
      filter,
      async ({ facts, deliveries }, asOf, days, narrowed) => {
        await freshLog()
        setClock(noon - 10_000)
        const oracle = new Oracle(facts)
        for (const [index, message] of deliveries.entries()) {
          await send(message.type, message.data, message.timestamp)
          // A counter that looks in between must end up where one that looks once does.
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
    { numRuns: 500 },
  )
}, 900_000)
