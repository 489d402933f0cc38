import { boards } from '../../contributions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { notCaughtUp } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { callObject } from '../../projections/callObject.ts'
import { listLeaderboardsOperation } from './operations/listLeaderboards.ts'

/** `GET /v1/leaderboards`: every board and what it counts. The position comes from where the log is summed up. */
export const listLeaderboards: HandlerOf<typeof listLeaderboardsOperation> = async ({ env, now, timing }) => {
  const summary = await timing.time(
    'object',
    callObject(
      () => env.LOG_SUMMARY.getByName('log'),
      async (object) => object.totals({ now, atLeast: 0 }),
    ),
  )
  if (summary.status === 'unavailable') return notCaughtUp(summary.position, 0)
  const { position, ageSeconds } = summary
  const leaderboards = boards.map(({ board, title, description, types, countsSelf, locale }) => ({
    board,
    title,
    description,
    types,
    counts_self: countsSelf,
    locale,
  }))
  return { body: { leaderboards, as_of: formatInstant(now), position }, freshness: 'live', ageSeconds }
}
