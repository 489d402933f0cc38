import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { formatWindowLength, standardWindows } from '../../contributions/window.ts'
import { notCaughtUp, isProblem } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { callObject } from '../../projections/callObject.ts'
import { freshnessOf, momentOf } from '../parameters.ts'
import { noSuchUser, userIdOf } from './userPath.ts'
import { readUserOperation } from './operations/readUser.ts'

const formatOptional = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)

/** `GET /v1/users/{id}`: a user's statistics, from the user's own counter. */
export const readUser: HandlerOf<typeof readUserOperation> = async ({ env, timing, now, params, query }) => {
  const moment = momentOf(query.as_of, now)
  if (isProblem(moment)) return moment
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const asking = { now, atLeast: query.at_least }
  const answer = await timing.time(
    'object',
    callObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => counter.count(asking, query.as_of),
    ),
  )
  if (answer.status === 'unavailable') return notCaughtUp(answer.position, query.at_least)
  if (answer.status === 'unknown') return noSuchUser()
  const { user, position, complete, counts, ageSeconds } = answer
  const windows = standardWindows.map((days, index) => [formatWindowLength(days), counts.windows[index]])
  return {
    body: {
      user,
      as_of: formatInstant(moment.asOf),
      position,
      complete,
      first_contribution_at: formatOptional(counts.firstContributionAt),
      last_contribution_at: formatOptional(counts.lastContributionAt),
      lifetime: counts.lifetime,
      windows: Object.fromEntries(windows),
      documents: counts.documents,
    },
    freshness: freshnessOf(moment),
    ageSeconds,
  }
}
