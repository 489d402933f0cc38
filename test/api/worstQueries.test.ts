import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import table from '../../bench/WORST.md?raw'
import { eventsMax, queriesMax, rowOf, worstQueries } from '../../bench/worstQueries.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'
import { routes } from '../../src/routes.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { meterOfAll } from '../support/meter.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

const busiest = 1
const events = amount(4000, 100_000)

/** The worst log for its size: recent events, half of them by one user, the other half by a user each. */
const loadWorstLog = async (): Promise<void> => {
  const contributions = Array.from({ length: events }, (_, index) =>
    aContribution({
      type: contributionTypes[Math.floor(index / 2) % contributionTypes.length],
      user: { id: index % 2 === 0 ? busiest : 1000 + index },
      occurred_at: new Date(noon - 1000 - (index * 86_400_000 * 20) / events).toISOString(),
      locale: 'en-US',
      parent: { type: 'questions.question', id: String(index % 1000) },
    }),
  )
  for (let from = 0; from < events; from += 1000)
    await send('contribution.created', contributions.slice(from, from + 1000), noon)
}

const queries = worstQueries(() => busiest)

describe("every public route's worst query", () => {
  it('is in the table of bench/WORST.md', () => {
    const publicPaths = routes.filter(({ access }) => access === 'public' || access === 'page')
    expect(new Set(queries.map(({ route }) => route))).toEqual(new Set(publicPaths.map(({ path }) => path)))
    for (const query of queries) expect(table).toContain(`| ${rowOf(query).join(' | ')} |`)
  })

  it.each(queries)(
    '$path stays below 1,000 queries at 10 million events',
    ({ queries: constantQueries, eventsPerQuery }) => {
      expect(constantQueries + eventsMax / eventsPerQuery).toBeLessThan(queriesMax)
    },
  )

  describe('from a cold start', () => {
    beforeEach(async () => {
      setClock(noon)
      await freshLog()
      await loadWorstLog()
    })

    afterEach(() => void vi.restoreAllMocks())

    it.each(queries)(
      '$path reads no more rows and runs no more queries than the table says',
      async ({ path, rowsPerEvent, rows, queries: constantQueries, eventsPerQuery }) => {
        const counted = meterOfAll(env.DB)
        const response = await fetchApi(path)
        expect(response.status, await response.text()).toBe(200)
        expect(counted.rowsRead).toBeLessThanOrEqual(rowsPerEvent * events + rows)
        expect(counted.statements).toBeLessThanOrEqual(constantQueries + Math.ceil(events / eventsPerQuery))
        expect(counted.rowsWritten).toBe(0)
      },
    )
  })
})
