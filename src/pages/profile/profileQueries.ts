import { boards } from '../../definitions/definitions.ts'
import type { BoardAnswer, CalendarAnswer, ContributionsAnswer, UserAnswer } from '../api/answers.ts'
import { queryAt, type ApiAddress, type ApiQuery, type ApiResult, type FetchApi } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'
import type { ProfileState } from './profileState.ts'

/** A user's totals. */
export const userOf = (id: number): ApiQuery<UserAnswer> => queryAt({ path: `/v1/users/${id}`, query: '' })

/** How many contributions a page of the list shows, and how many a downloaded CSV has at most. */
const pageContributions = 20
const csvContributions = 1000

const contributionsAddress = (
  id: number,
  { type, window, cursor }: ProfileState,
  limit: number,
): ApiAddress => ({
  path: `/v1/users/${id}/contributions`,
  query: queryString({ type, window, limit, cursor }),
})

/** The address of the newest contributions behind the selected number, for download. */
export const contributionsData = (id: number, state: ProfileState): ApiAddress =>
  contributionsAddress(id, { ...state, cursor: undefined }, csvContributions)

/** The selected page of the contributions behind the selected number. */
export const contributionsOf = (id: number, state: ProfileState): ApiQuery<ContributionsAnswer> =>
  queryAt(contributionsAddress(id, state, pageContributions))

export const calendarAddress = (id: number, { year, timeZone }: ProfileState): ApiAddress => {
  const days = year === undefined ? {} : { from: `${year}-01-01`, to: `${year + 1}-01-01` }
  return { path: `/v1/users/${id}/calendar`, query: queryString({ ...days, time_zone: timeZone }) }
}

/** The user's contributions by day in the selected year. */
export const calendarOf = (id: number, state: ProfileState): ApiQuery<CalendarAnswer> =>
  queryAt(calendarAddress(id, state))

/** A user's rank on each board; null where they are unranked. */
export type RankByBoard = Record<string, { rank: number; total: number } | null>

/** A user's rank on every board, over one window. */
export const ranksOf = (id: number, window: string): ApiQuery<RankByBoard> => ({
  key: `ranks ${id} ${window}`,
  load: async (fetchApi: FetchApi): Promise<ApiResult<RankByBoard>> => {
    const query = queryString({ window, around: id, limit: 1 })
    const results = await Promise.all(
      boards.map(({ board }) => fetchApi<BoardAnswer>(`/v1/leaderboards/${board}${query}`)),
    )
    const ranks: RankByBoard = {}
    for (const result of results) {
      if (!result.ok) return result
      const { board, standing, total } = result.body
      ranks[board] = standing ? { rank: standing.rank, total } : null
    }
    return { ok: true, body: ranks }
  },
})
