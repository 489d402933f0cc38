import { formatDay, parseDay } from '../../contributions/calendar.ts'
import { boards } from '../../definitions/definitions.ts'
import type { BoardAnswer, CalendarAnswer, ContributionsAnswer, UserAnswer } from '../api/answers.ts'
import {
  earliestOf,
  queryAt,
  type ApiAddress,
  type ApiQuery,
  type ApiResult,
  type FetchApi,
} from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'
import type { ProfileState } from './profileState.ts'

/** A user's totals. */
export const userOf = (id: number): ApiQuery<UserAnswer> => queryAt({ path: `/v1/users/${id}`, query: '' })

/** The number of contributions on a page of the list. */
const pageContributions = 20

/** The number of newest contributions from which products and locales are counted: the largest page of the API's list. */
const countedContributions = 1000

/** The query parameters of the listed window or period. */
const spanOf = ({ window, period, timeZone }: ProfileState): Record<string, string> => {
  if (period === undefined) return { window }
  const day = parseDay(period)
  return {
    ...(day === undefined ? { period } : { from: period, to: formatDay(day + 1) }),
    time_zone: timeZone,
  }
}

/** The address of the contributions behind the selected number: one page, or all if there is neither limit nor cursor. */
export const contributionsAddress = (
  id: number,
  state: ProfileState,
  part: { limit?: number; cursor?: string | undefined } = {},
): ApiAddress => {
  const { type, product, locale } = state
  return {
    path: `/v1/users/${id}/contributions`,
    query: queryString({ type, ...spanOf(state), product, locale, ...part }),
  }
}

/** The selected page of the contributions behind the selected number. */
export const contributionsOf = (id: number, state: ProfileState): ApiQuery<ContributionsAnswer> =>
  queryAt(contributionsAddress(id, state, { limit: pageContributions, cursor: state.cursor }))

/** The newest contributions behind the selected number, of any product and locale. */
export const newestOf = (id: number, state: ProfileState): ApiQuery<ContributionsAnswer> =>
  queryAt(
    contributionsAddress(
      id,
      { ...state, product: undefined, locale: undefined },
      { limit: countedContributions },
    ),
  )

export const calendarAddress = (
  id: number,
  { timeZone }: Pick<ProfileState, 'timeZone'>,
  years: { first: number; last: number } | undefined,
): ApiAddress => {
  const days = years && { from: `${years.first}-01-01`, to: `${years.last + 1}-01-01` }
  return { path: `/v1/users/${id}/calendar`, query: queryString({ ...days, time_zone: timeZone }) }
}

/** The selected year of the calendar; undefined for the last 365 days. */
export const selectedYear = ({
  year,
}: Pick<ProfileState, 'year'>): { first: number; last: number } | undefined =>
  year === undefined ? undefined : { first: year, last: year }

/** The user's contributions by day in the selected year. */
export const calendarOf = (id: number, state: ProfileState): ApiQuery<CalendarAnswer> =>
  queryAt(calendarAddress(id, state, selectedYear(state)))

/** The number of years per request: the API's calendar has at most 3,660 days. */
const yearsAtOnce = 10

/** A user's contributions by day. */
export type CalendarDays = Pick<CalendarAnswer, 'as_of' | 'days'>

/** The user's contributions by day from the first to the last year, inclusive. */
export const yearsOf = (
  id: number,
  timeZone: string,
  { first, last }: { first: number; last: number },
): ApiQuery<CalendarDays> => ({
  key: `years ${id} ${timeZone} ${first} ${last}`,
  load: async (fetchApi) => {
    const count = Math.ceil((last + 1 - first) / yearsAtOnce)
    const parts = Array.from({ length: count }, (_, index) => {
      const start = first + index * yearsAtOnce
      const years = { first: start, last: Math.min(last, start + yearsAtOnce - 1) }
      const { path, query } = calendarAddress(id, { timeZone }, years)
      return fetchApi<CalendarAnswer>(path + query)
    })
    const answers: CalendarAnswer[] = []
    for (const result of await Promise.all(parts)) {
      if (!result.ok) return result
      answers.push(result.body)
    }
    return { ok: true, body: { as_of: earliestOf(answers), days: answers.flatMap(({ days }) => days) } }
  },
})

type Rank = { rank: number; total: number } | null

/** A user's rank on each board; null if they are unranked. */
export type RankByBoard = Record<string, Rank>

/** A user's ranks, and the instant that they are as of. */
export interface RanksAnswer {
  as_of: string
  ranks: RankByBoard
}

const rankOn = async (
  fetchApi: FetchApi,
  board: string,
  query: string,
): Promise<ApiResult<{ as_of: string; rank: Rank }>> => {
  const result = await fetchApi<BoardAnswer>(`/v1/leaderboards/${board}${query}`)
  if (!result.ok) return result
  const { as_of, standing, total } = result.body
  return { ok: true, body: { as_of, rank: standing ? { rank: standing.rank, total } : null } }
}

/** The boards on which a user may be ranked: those that count a type of which the user has contributions. */
const possibleBoards = ({ lifetime }: UserAnswer): string[] =>
  boards.filter(({ types }) => types.some((type) => (lifetime[type] ?? 0) > 0)).map(({ board }) => board)

/** A user's rank on every board, over one window. */
export const ranksOf = (user: UserAnswer, window: string): ApiQuery<RanksAnswer> => {
  const [{ id }, possible] = [user.user, possibleBoards(user)]
  return {
    key: `ranks ${id} ${window} ${possible.join(' ')}`,
    load: async (fetchApi) => {
      const query = queryString({ window, around: id, limit: 1 })
      const results = await Promise.all(possible.map(async (board) => rankOn(fetchApi, board, query)))
      const ranks: RankByBoard = {}
      const answers: { as_of: string }[] = []
      for (const [index, result] of results.entries()) {
        if (!result.ok) return result
        ranks[possible[index] ?? ''] = result.body.rank
        answers.push(result.body)
      }
      return { ok: true, body: { as_of: earliestOf(answers), ranks } }
    },
  }
}

/**
 * Like `ranksOf`, as of the beginning of a day. Past ranks need scans of the log, so the boards are read one after the
 * other.
 */
export const pastRanksOf = (user: UserAnswer, window: string, day: string): ApiQuery<RankByBoard> => {
  const [{ id }, possible] = [user.user, possibleBoards(user)]
  return {
    key: `ranks ${id} ${window} ${possible.join(' ')} ${day}`,
    load: async (fetchApi) => {
      const query = queryString({ window, around: id, limit: 1, as_of: `${day}T00:00:00Z` })
      const ranks: RankByBoard = {}
      for (const board of possible) {
        // oxlint-disable-next-line no-await-in-loop -- a page must not fill the queue of scans
        const result = await rankOn(fetchApi, board, query)
        if (!result.ok) return result
        ranks[board] = result.body.rank
      }
      return { ok: true, body: ranks }
    },
  }
}
