import { formatInstant } from '../../contributions/instant.ts'
import { notCaughtUp } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { runBatch, readPosition } from '../../log/database.ts'
import { findUsers as findUsersByName } from '../../log/users.ts'
import { findUsersOperation } from './operations/findUsers.ts'

/** `GET /v1/users?username=`: the users of exactly this name, whatever its case. */
export const findUsers: HandlerOf<typeof findUsersOperation> = async ({ env, timing, now, query }) => {
  const [users, position] = await timing.time(
    'log',
    runBatch(env.DB, findUsersByName(env.DB, query.username), readPosition(env.DB)),
  )
  if (position < query.at_least) return notCaughtUp(position, query.at_least)
  return { body: { users, as_of: formatInstant(now), position }, freshness: 'live' }
}
