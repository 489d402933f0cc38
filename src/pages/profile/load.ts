import { boards } from '../../contributions/definitions.ts'
import type { BoardAnswer, CalendarAnswer, ContributionsAnswer, UserAnswer } from '../api/answers.ts'
import type { FetchApi, ApiResult } from '../api/fetchApi.ts'
import { queryOf, questionAt, type Question } from '../api/question.ts'
import type { ProfileState } from './state.ts'

/** A user's totals. */
export const userOf = (id: number): Question<UserAnswer> => questionAt(`/v1/users/${id}`)

/** A path of the API without its query, and the query; for CSV the path goes on with `.csv`. */
export interface ListAddress {
  path: string
  query: string
}

/** How many contributions a page of the list has. */
const pageContributions = 20

export const contributionsAddress = (id: number, { type, window, cursor }: ProfileState): ListAddress => ({
  path: `/v1/users/${id}/contributions`,
  query: queryOf({ type, window, limit: pageContributions, cursor }),
})

/** The contributions behind the number that is chosen. */
export const contributionsOf = (id: number, state: ProfileState): Question<ContributionsAnswer> => {
  const { path, query } = contributionsAddress(id, state)
  return questionAt(path + query)
}

export const calendarAddress = (id: number, { year, timeZone }: ProfileState): ListAddress => {
  const days = year === undefined ? {} : { from: `${year}-01-01`, to: `${year + 1}-01-01` }
  return { path: `/v1/users/${id}/calendar`, query: queryOf({ ...days, time_zone: timeZone }) }
}

/** The days of a year on which the user contributed. */
export const calendarOf = (id: number, state: ProfileState): Question<CalendarAnswer> => {
  const { path, query } = calendarAddress(id, state)
  return questionAt(path + query)
}

/** Where a user stands on every board; null where they do not. */
export type Placements = Record<string, { rank: number; total: number; count: number } | null>

/** A user's rank on every board, over one window. */
export const ranksOf = (id: number, window: string): Question<Placements> => ({
  name: `ranks ${id} ${window}`,
  load: async (ask: FetchApi): Promise<ApiResult<Placements>> => {
    const query = queryOf({ window, around: id, limit: 1 })
    const asked = await Promise.all(
      boards.map(({ board }) => ask<BoardAnswer>(`/v1/leaderboards/${board}${query}`)),
    )
    const standings: Placements = {}
    for (const answer of asked) {
      if (!answer.ok) return answer
      const { board, standing, total } = answer.body
      standings[board] = standing ? { rank: standing.rank, count: standing.count, total } : null
    }
    return { ok: true, body: standings }
  },
})
