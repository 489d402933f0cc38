import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../src/contributions/calendar.ts'
import type { ApiQuery, ApiResult } from '../../src/pages/api/fetchApi.ts'
import { chartOf, historyAddress, pointsOf } from '../../src/pages/dashboard/dashboardQueries.ts'
import { parseState, type DashboardState } from '../../src/pages/dashboard/dashboardState.ts'
import { daysOf } from '../../src/pages/dashboard/range.ts'
import { volumeOf } from '../../src/pages/dashboard/volumeOf.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, read, send } from '../support/site.ts'

const day = 86_400_000
const today = new Date(noon).toISOString().slice(0, 10)
const daysAgo = (days: number): string => new Date(noon - days * day).toISOString().slice(0, 10)

/** The answer of a query, and the addresses that it read. */
const load = async <Answer>(query: ApiQuery<Answer>): Promise<{ body: Answer; asked: string[] }> => {
  const asked: string[] = []
  const fetchApi = async <Body>(path: string): Promise<ApiResult<Body>> => {
    asked.push(path)
    return { ok: true, body: (await read(path)) as Body }
  }
  const result = await query.load(fetchApi)
  return { body: result.ok ? result.body : expect.fail(result.detail), asked }
}

const aState = fc
  .record({
    time: fc.oneof(
      fc.constantFrom('range=90d', 'range=1y', 'range=3y'),
      fc
        .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }))
        .map(([last, more]) => `from=${daysAgo(last + more)}&last=${daysAgo(last)}`),
    ),
    interval: fc.constantFrom('day', 'week', 'month'),
    zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
    filter: fc.constantFrom('', '&locale=de', '&product=firefox'),
    metric: fc.constantFrom('active_contributors', 'l10n_contributors'),
  })
  .map(({ time, interval, zone, filter, metric }) =>
    parseState(`?${time}&interval=${interval}&time_zone=${zone}&metric=${metric}${filter}`),
  )

beforeAll(async () => {
  setClock(noon)
  const data = Array.from({ length: 400 }, (_, index) =>
    aContribution({
      type: index % 3 === 0 ? 'kb_edit' : 'answer',
      user: { id: 1 + (index % 23) },
      occurred_at: new Date(noon - ((index * 7919) % (1100 * 24)) * 3_600_000).toISOString(),
      locale: index % 2 === 0 ? 'de' : 'en-US',
      product: index % 5 === 0 ? 'firefox' : 'thunderbird',
    }),
  )
  await send('contribution.created', data)
})

it('the chart of a metric has the points that the API gives for its range and interval, whichever history it reads', async () => {
  await fc.assert(
    fc.asyncProperty(aState, async (state) => {
      const { path, query } = historyAddress(state, state, today)
      const { points } = await read(path + query)
      const { body, asked } = await load(chartOf(state, today))
      expect(pointsOf(body, state, today)).toEqual(points)
      expect(asked).toHaveLength(1)
    }),
    { numRuns: 40 },
  )
})

it('the volume has the points that the API gives for its range, and compares its days without today with as many before it', async () => {
  const volumeIn = async (state: DashboardState, from: number, to: number) => {
    const { timeZone: time_zone, interval, locale, product } = state
    const filters = Object.entries({ time_zone, interval, locale, product }).filter(([, value]) => value)
    const days = { from: formatDay(from), to: formatDay(to) }
    const { series } = await read(
      `/v1/volume?${new URLSearchParams({ ...days, ...Object.fromEntries(filters) }).toString()}`,
    )
    const points: { contributions: number }[] = series[0].points
    return { points, total: points.reduce((sum, { contributions }) => sum + contributions, 0) }
  }
  await fc.assert(
    fc.asyncProperty(aState, async (state) => {
      const { from, to } = daysOf(state.range, today)
      const now = await volumeIn(state, from, to)
      const over = Math.min(to, parseDay(today) ?? 0)
      const days = Math.max(over - from, 0)
      const { body, asked } = await load(volumeOf(state, today))
      expect(body.total).toBe(now.total)
      expect(body.points).toEqual(now.points)
      const totalIn = async (first: number, end: number) =>
        first < end ? (await volumeIn({ ...state, interval: 'month' }, first, end)).total : 0
      const compared = { now: await totalIn(from, over), before: await totalIn(from - days, from) }
      expect(body.compared).toEqual({ days, ...compared })
      if (state.interval === 'day' && to - from <= 500) expect(asked).toHaveLength(1)
    }),
    { numRuns: 40 },
  )
})
