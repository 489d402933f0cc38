import { badge } from '../../cards/badge.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { notCaughtUp, isProblem } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { callObject } from '../../projections/callObject.ts'
import { freshnessOf, momentOf } from '../parameters.ts'
import { noSuchUser, userIdOf } from './userPath.ts'
import { readUserBadgeOperation } from './operations/readUserBadge.ts'

/** `GET /v1/users/{id}/badge.json`: one of a user's numbers for a badge by Shields, from the user's own counter. */
export const readUserBadge: HandlerOf<typeof readUserBadgeOperation> = async ({
  env,
  timing,
  now,
  params,
  query,
}) => {
  const { type, window, as_of: asOf, at_least: atLeast } = query
  const moment = momentOf(asOf, now)
  if (isProblem(moment)) return moment
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const answer = await timing.time(
    'object',
    callObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => counter.countOne({ now, atLeast }, { window, type, asOf }),
    ),
  )
  if (answer.status === 'unavailable') return notCaughtUp(answer.position, atLeast)
  if (answer.status === 'unknown') return noSuchUser()
  return {
    body: { as_of: formatInstant(moment.asOf), position: answer.position },
    rendition: {
      contentType: 'application/json',
      text: JSON.stringify(badge(answer.count, type, window)),
    },
    freshness: freshnessOf(moment),
    ageSeconds: answer.ageSeconds,
  }
}
