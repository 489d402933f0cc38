import { metrics } from '../../contributions/definitions.ts'
import { formatDay } from '../../contributions/calendar.ts'
import type { Profile } from '../../contributions/user.ts'
import type {
  BoardAnswer,
  FoundUsersAnswer,
  HistoryAnswer,
  MetricAnswer,
  MetricsAnswer,
  UserAnswer,
} from '../api/answers.ts'
import type { FetchApi, ApiResult } from '../api/fetchApi.ts'
import { queryOf, questionAt, type Question } from '../api/question.ts'
import { daysOf, type Interval, type Range } from './range.ts'
import type { DashboardState } from './state.ts'

/** The value of every metric, with the oldest of their instants. */
const gather = (answers: readonly ApiResult<MetricAnswer>[]): ApiResult<MetricsAnswer> => {
  const bodies: MetricAnswer[] = []
  for (const answer of answers) {
    if (!answer.ok) return answer
    bodies.push(answer.body)
  }
  const oldest = bodies.reduce((least, body) => (body.as_of < least.as_of ? body : least))
  const position = Math.min(...bodies.map((body) => body.position))
  return { ok: true, body: { metrics: bodies, as_of: oldest.as_of, position } }
}

/** Every metric's value now: one list, or with a filter one answer each. */
export const metricsNow = ({ locale, product }: DashboardState): Question<MetricsAnswer> => {
  const query = queryOf({ locale, product })
  if (query === '') return questionAt('/v1/metrics')
  const load = async (ask: FetchApi): Promise<ApiResult<MetricsAnswer>> =>
    gather(await Promise.all(metrics.map(({ metric }) => ask<MetricAnswer>(`/v1/metrics/${metric}${query}`))))
  return { name: `/v1/metrics${query}`, load }
}

/** The path of a history, without its query, and the query; for CSV the path goes on with `.csv`. */
export const historyAddress = (
  { locale, product, timeZone }: DashboardState,
  { metric, range, interval }: { metric: string; range: Range; interval: Interval },
  today: string,
): { path: string; query: string } => {
  const { from, to } = daysOf(range, today)
  const days = { from: formatDay(from), to: formatDay(to) }
  const query = queryOf({ ...days, interval, time_zone: timeZone, locale, product })
  return { path: `/v1/metrics/${metric}/history`, query }
}

export const historyOf = (...asked: Parameters<typeof historyAddress>): Question<HistoryAnswer> => {
  const { path, query } = historyAddress(...asked)
  return questionAt(path + query)
}

/** How many entries a page of a board has, and how many a user's neighbourhood. */
const pageEntries = 20
const aroundEntries = 11

/** The path of what is shown of a board, and its query. */
export const boardAddress = (
  { board, window, locale, product, cursor }: DashboardState,
  around: number | undefined,
): { path: string; query: string } => {
  const place = around === undefined ? { limit: pageEntries, cursor } : { around, limit: aroundEntries }
  return { path: `/v1/leaderboards/${board}`, query: queryOf({ window, locale, product, ...place }) }
}

/** Who was searched for: everybody of that name, whatever its case, and whoever has it as an id. */
const search = async (ask: FetchApi, text: string): Promise<ApiResult<Profile[]>> => {
  const isId = /^[1-9]\d{0,15}$/.test(text)
  const [named, numbered] = await Promise.all([
    ask<FoundUsersAnswer>(`/v1/users${queryOf({ username: text })}`),
    isId ? ask<UserAnswer>(`/v1/users/${text}`) : undefined,
  ])
  if (!named.ok) return named.status === 400 ? { ok: true, body: [] } : named
  if (numbered && !numbered.ok && numbered.status !== 404) return numbered
  const byId = numbered?.ok ? [numbered.body.user] : []
  return { ok: true, body: [...byId, ...named.body.users.filter(({ id }) => id !== byId[0]?.id)] }
}

/** What is shown of a board, and who was found in a search. */
export interface ShownBoard {
  /** undefined without a search. */
  found: Profile[] | undefined
  /** The user whose neighbours these are. */
  around: number | undefined
  /** undefined while a search has several users to choose from, or none. */
  board: BoardAnswer | undefined
}

/** The part of a board that a state asks for. A search that finds one user goes straight to their neighbours. */
export const boardShown = (state: DashboardState): Question<ShownBoard> => {
  const name = JSON.stringify([boardAddress(state, state.around), state.search])
  const load = async (ask: FetchApi): Promise<ApiResult<ShownBoard>> => {
    const found =
      state.search === undefined || state.around !== undefined ? undefined : await search(ask, state.search)
    if (found && !found.ok) return found
    const around = state.around ?? (found?.body.length === 1 ? found.body[0]?.id : undefined)
    if (found && around === undefined)
      return { ok: true, body: { found: found.body, around, board: undefined } }
    const { path, query } = boardAddress(state, around)
    const board = await ask<BoardAnswer>(path + query)
    return board.ok ? { ok: true, body: { found: found?.body, around, board: board.body } } : board
  }
  return { name, load }
}
