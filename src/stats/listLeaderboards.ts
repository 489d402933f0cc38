import { boards } from '../contributions/definitions.ts'
import { formatInstant } from '../contributions/instant.ts'
import type { HandlerOf } from '../http/router.ts'
import { ask, readPosition } from '../log/database.ts'
import { listLeaderboardsOperation } from './operations/listLeaderboards.ts'

/** `GET /v1/leaderboards`: every board and what it counts. */
export const listLeaderboards: HandlerOf<typeof listLeaderboardsOperation> = async ({ env, now, timing }) => {
  const [position] = await timing.time('log', ask(env.DB, readPosition(env.DB)))
  const leaderboards = boards.map(({ board, title, description, types, countsSelf, locale }) => ({
    board,
    title,
    description,
    types,
    counts_self: countsSelf,
    locale,
  }))
  return { body: { leaderboards, as_of: formatInstant(now), position }, freshness: 'live' }
}
