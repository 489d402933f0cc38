import { formatDay, type Interval } from '../../contributions/calendar.ts'
import { metrics } from '../../definitions/definitions.ts'
import type { Profile } from '../../contributions/user.ts'
import type { BoardAnswer, HistoryAnswer, MetricAnswer, MetricsAnswer, VolumeAnswer } from '../api/answers.ts'
import { queryAt, type ApiAddress, type ApiQuery, type ApiResult, type FetchApi } from '../api/fetchApi.ts'
import { findPeople } from '../boards/findPeople.ts'
import { queryString } from '../parts/queryString.ts'
import { daysOf, type Range } from './range.ts'
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

export const historyOf = (...view: Parameters<typeof historyAddress>): ApiQuery<HistoryAnswer> =>
  queryAt(historyAddress(...view))

/** The number of entries on a page of a board, and around a user. */
const pageEntries = 20
const aroundEntries = 11

/** A filter value, and how many contributions of the last year have it. */
export interface FilterValue {
  value: string
  count: number
}

/** The name of the volume series for all values without one of their own. */
const otherValues = '…'

/** The products or locales of the last year's contributions, most contributions first. The other filter is applied. */
export const valuesOf = (
  field: 'product' | 'locale',
  { product, locale }: DashboardState,
): ApiQuery<FilterValue[]> => {
  const other = field === 'product' ? { locale } : { product }
  const query = queryString({ group_by: field, interval: 'year', ...other })
  return {
    key: `values ${query}`,
    load: async (fetchApi) => {
      // Starts at a day's first instant, so that the address, and a cached answer, stays the same for a day.
      const from = formatDay(Math.floor(Date.now() / 86_400_000) - 365)
      const volume = await fetchApi<VolumeAnswer>(`/v1/volume${query}&from=${from}`)
      if (!volume.ok) return volume
      const body = volume.body.series.flatMap(({ name, points }) => {
        const count = points.reduce((sum, { contributions }) => sum + contributions, 0)
        return name === null || name === '' || name === otherValues ? [] : [{ value: name, count }]
      })
      return { ok: true, body }
    },
  }
}

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
  const part = around === undefined ? { limit: pageEntries, cursor } : { around, limit: aroundEntries }
  return { path: `/v1/leaderboards/${board}`, query: queryString({ ...selectionOf(state), ...part }) }
}

const firstPlacePath = (state: DashboardState): string => {
  const { path, query } = wholeBoardAddress(state)
  return `${path}${query}&limit=1`
}

/** What the leaderboard section shows. */
export interface BoardView {
  /** The users that a search found; undefined without a search. */
  found: Profile[] | undefined
  /** The user whose neighbours are shown. */
  around: number | undefined
  /** Undefined if a search found no user or several. */
  board: BoardAnswer | undefined
  /** The count of the board's first place, even if it is not among the shown entries. */
  largest: number
}

/** Loads the selected part of a board. A search that finds one user shows that user's neighbours. */
export const boardViewOf = (state: DashboardState): ApiQuery<BoardView> => {
  const key = JSON.stringify([boardAddress(state, state.around), state.search])
  const load = async (fetchApi: FetchApi): Promise<ApiResult<BoardView>> => {
    const isSearch = state.search !== undefined && state.around === undefined
    const found = isSearch ? await findPeople(fetchApi, state.search ?? '') : undefined
    if (found && !found.ok) return found
    const around = state.around ?? (found?.body.length === 1 ? found.body[0]?.id : undefined)
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
