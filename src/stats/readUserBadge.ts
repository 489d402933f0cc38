import * as z from 'zod/mini'
import { badge } from '../cards/badge.ts'
import { formatInstant } from '../contributions/instant.ts'
import type { Answer } from '../http/answer.ts'
import { behind, isProblem, type Problem } from '../http/problem.ts'
import type { Call } from '../http/router.ts'
import { askObject } from '../projections/stubs.ts'
import {
  asOfParameter,
  atLeastParameter,
  freshnessOf,
  momentOf,
  typeParameter,
  windowParameter,
} from './parameters.ts'
import { noSuchUser, userIdOf } from './userPath.ts'

export const readUserBadgeQuery = z.strictObject({
  type: typeParameter,
  window: z.prefault(windowParameter, 'all'),
  as_of: asOfParameter,
  at_least: atLeastParameter,
})

/** `GET /v1/users/{id}/badge.json`: one of a user's numbers for a badge by Shields, from the user's own counter. */
export const readUserBadge = async ({
  env,
  timing,
  now,
  params,
  query,
}: Call<z.infer<typeof readUserBadgeQuery>>): Promise<Answer | Problem> => {
  const { type, window, as_of: asOf, at_least: atLeast } = query
  const moment = momentOf(asOf, now)
  if (isProblem(moment)) return moment
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const answer = await timing.time(
    'object',
    askObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => counter.countOne({ now, atLeast }, { window, type, asOf }),
    ),
  )
  if (answer.status === 'unavailable') return behind(answer.position, atLeast)
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
