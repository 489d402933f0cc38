import { formatDay, pointsBetween, type Interval } from '../../contributions/calendar.ts'
import { metrics } from '../../definitions/definitions.ts'
import type { BoardAnswer, HistoryAnswer, MetricAnswer, MetricsAnswer } from '../api/answers.ts'
import { queryAt, type ApiAddress, type ApiQuery, type ApiResult, type FetchApi } from '../api/fetchApi.ts'
import { findPeople, type Found } from '../boards/findPeople.ts'
import { queryString } from '../parts/queryString.ts'
import { daysOf, pointsMax, type Range } from './range.ts'
import type { DashboardState } from './dashboardState.ts'

/** The current value of every metric; `as_of` and `position` are the earliest among them. */
export type LiveMetrics = Pick<MetricsAnswer, 'as_of' | 'position'> & {
  metrics: Pick<MetricsAnswer['metrics'][number], 'metric' | 'value'>[]
}

const combine = (results: readonly ApiResult<MetricAnswer>[]): ApiResult<LiveMetrics> => {
  const bodies: MetricAnswer[] = []
  for (const result of results) {
    if (!result.ok) return result
    bodies.push(result.body)
  }
  const oldest = bodies.reduce((least, body) => (body.as_of < least.as_of ? body : least))
  const position = Math.min(...bodies.map((body) => body.position))
  return { ok: true, body: { metrics: bodies, as_of: oldest.as_of, position } }
}

/** Loads the current value of every metric: as one list or, if there is a filter, individually. */
export const metricsNow = ({ locale, product }: DashboardState): ApiQuery<LiveMetrics> => {
  const query = queryString({ locale, product })
  if (query === '') return queryAt({ path: '/v1/metrics', query })
  const load = async (fetchApi: FetchApi): Promise<ApiResult<LiveMetrics>> =>
    combine(
      await Promise.all(metrics.map(({ metric }) => fetchApi<MetricAnswer>(`/v1/metrics/${metric}${query}`))),
    )
  return { key: `/v1/metrics${query}`, load }
}

/** The address of a metric's history. */
export const historyAddress = (
  { locale, product, timeZone }: DashboardState,
  { metric, range, interval }: { metric: string; range: Range; interval: Interval },
  today: string,
): ApiAddress => {
  const { from, to } = daysOf(range, today)
  const days = { from: formatDay(from), to: formatDay(to) }
  const query = queryString({ ...days, interval, time_zone: timeZone, locale, product })
  return { path: `/v1/metrics/${metric}/history`, query }
}

const historyOf = (...view: Parameters<typeof historyAddress>): ApiQuery<HistoryAnswer> => ({
  ...queryAt(historyAddress(...view)),
  isScan: true,
})

/** A metric on each day of the last year: what its tile shows. */
export const yearOf = (metric: string, state: DashboardState, today: string): ApiQuery<HistoryAnswer> =>
  historyOf(state, { metric, range: '1y', interval: 'day' }, today)

/** A history with the chart's points. It is the tile's if that has them, so that one scan of the log serves both. */
export const chartOf = (state: DashboardState, today: string): ApiQuery<HistoryAnswer> => {
  const [chart, year] = [daysOf(state.range, today), daysOf('1y', today)]
  const isInYear = chart.from >= year.from && chart.to <= year.to
  return isInYear ? yearOf(state.metric, state, today) : historyOf(state, state, today)
}

/** The chart's points of a history. */
export const pointsOf = (
  { points }: HistoryAnswer,
  { range, interval }: DashboardState,
  today: string,
): HistoryAnswer['points'] => {
  const { from, to } = daysOf(range, today)
  const dates = new Set<string>(pointsBetween(from, to, interval, pointsMax).map(formatDay))
  return points.filter(({ date }) => dates.has(date))
}

/** The number of entries on a page of a board. */
const pageEntries = 20

/** The query parameters of what a board counts. Only periods depend on the time zone. */
const selectionOf = ({ window, period, timeZone, locale, product }: DashboardState) => ({
  ...(period === undefined ? { window } : { period, time_zone: timeZone }),
  locale,
  product,
})

/** The address of a whole board, as CSV. */
export const wholeBoardAddress = (state: DashboardState): ApiAddress => ({
  path: `/v1/leaderboards/${state.board}`,
  query: queryString(selectionOf(state)),
})

/** The address of the shown entries of a board. */
export const boardAddress = (state: DashboardState, around: number | undefined): ApiAddress => {
  const { board, cursor } = state
  const part = around === undefined ? { limit: pageEntries, cursor } : { around, limit: state.neighbours }
  return { path: `/v1/leaderboards/${board}`, query: queryString({ ...selectionOf(state), ...part }) }
}

const firstPlacePath = (state: DashboardState): string => {
  const { path, query } = wholeBoardAddress(state)
  return `${path}${query}&limit=1`
}

/** What the leaderboard section shows. */
export interface BoardView {
  /** What a search found; undefined without a search. */
  found: Found | undefined
  /** The user whose neighbours are shown. */
  around: number | undefined
  /** Undefined if a search found no user or several. */
  board: BoardAnswer | undefined
  /** The count of the board's first place, even if it is not among the shown entries. */
  largest: number
}

/** Loads the selected part of a board. A search that finds one user shows that user's neighbours. */
export const boardViewOf = (state: DashboardState): ApiQuery<BoardView> => {
  const key = JSON.stringify([boardAddress(state, state.around), state.search, state.neighbours])
  const load = async (fetchApi: FetchApi): Promise<ApiResult<BoardView>> => {
    const isSearch = state.search !== undefined && state.around === undefined
    const found = isSearch ? await findPeople(fetchApi, state.search ?? '') : undefined
    if (found && !found.ok) return found
    const [first, ...others] = found?.body.users ?? []
    const isOnly = found?.body.isWhole && others.length === 0
    const around = state.around ?? (isOnly ? first?.id : undefined)
    if (found && around === undefined)
      return { ok: true, body: { found: found.body, around, board: undefined, largest: 0 } }
    const { path, query } = boardAddress(state, around)
    const isFirstPage = around === undefined && state.cursor === undefined
    const [board, top] = await Promise.all([
      fetchApi<BoardAnswer>(path + query),
      isFirstPage ? undefined : fetchApi<BoardAnswer>(firstPlacePath(state)),
    ])
    if (!board.ok) return board
    if (top && !top.ok) return top
    const counts = [...(top?.body.entries ?? []), ...board.body.entries].map(({ count }) => count)
    const largest = Math.max(0, ...counts)
    return { ok: true, body: { found: found?.body, around, board: board.body, largest } }
  }
  return { key, load }
}
