import type { Profile } from '../../contributions/user.ts'
import type { BoardAnswer } from '../api/answers.ts'
import { earliestOf, type ApiQuery, type ApiResult, type FetchApi } from '../api/fetchApi.ts'
import type { DashboardState } from '../dashboard/dashboardState.ts'
import { queryString } from '../parts/queryString.ts'

const dayMilliseconds = 86_400_000

/** The number of days that are compared with as many days before them. */
export const comparedDays = 30

/** The least gain that is shown. A smaller one can be chance. */
export const gainMin = 5

/** The number of people compared, and the number of them shown. */
const comparedMax = 100
const shownMax = 5

/** A person who contributed at least `gainMin` more than before. */
export interface Mover {
  user: Profile
  now: number
  before: number
  /** Whether `before` is exact. Otherwise it is an upper bound, so the gain is at least the difference. */
  isExact: boolean
}

/** The largest gains, and the instant that they are as of. */
export interface MoversAnswer {
  as_of: string
  movers: Mover[]
}

const toMovers = (now: BoardAnswer, before: BoardAnswer): Mover[] => {
  const countBefore = new Map(before.entries.map(({ user, count }) => [user.id, count]))
  const isWhole = before.next_cursor === null
  // People missing from the list had no more than the last person listed.
  const mostMissing = isWhole ? 0 : (before.entries.at(-1)?.count ?? 0)
  return now.entries
    .map(({ user, count }): Mover => {
      const known = countBefore.get(user.id)
      return { user, now: count, before: known ?? mostMissing, isExact: known !== undefined || isWhole }
    })
    .filter((mover) => mover.now - mover.before >= gainMin)
    .toSorted(
      (one, other) => other.now - other.before - (one.now - one.before) || one.user.id - other.user.id,
    )
    .slice(0, shownMax)
}

/**
 * The largest gains on a board: the last 30 days compared with the 30 before, among the hundred people with the most
 * contributions.
 */
export const moversOf = ({ board, locale, product }: DashboardState): ApiQuery<MoversAnswer> => {
  const filter = { locale, product, limit: comparedMax }
  const path = `/v1/leaderboards/${board}`
  return {
    key: `movers ${path}${queryString(filter)}`,
    isScan: true,
    load: async (fetchApi: FetchApi): Promise<ApiResult<MoversAnswer>> => {
      const now = await fetchApi<BoardAnswer>(
        `${path}${queryString({ window: `${comparedDays}d`, ...filter })}`,
      )
      if (!now.ok) return now
      const to = Date.parse(now.body.as_of) - comparedDays * dayMilliseconds
      const from = to - comparedDays * dayMilliseconds
      const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
      const before = await fetchApi<BoardAnswer>(`${path}${queryString({ ...period, ...filter })}`)
      if (!before.ok) return before
      const answers = [now.body, before.body] as const
      return { ok: true, body: { as_of: earliestOf(answers), movers: toMovers(...answers) } }
    },
  }
}
