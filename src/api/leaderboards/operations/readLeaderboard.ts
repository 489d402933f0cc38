import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import {
  aroundParameter,
  asOfParameter,
  atLeastParameter,
  boardLimitParameter,
  cursorParameter,
  localeParameter,
  productParameter,
  windowParameter,
} from '../../parameters.ts'
import { boardPath } from '../../paths.ts'
import { instant, moment, nextCursor, user, window } from '../../shapes.ts'

const entry = z
  .strictObject({
    rank: z
      .int()
      .check(z.gte(1))
      .register(documented, { description: 'Equal counts share a rank, and the next is skipped' }),
    user,
    count: z.int().check(z.gte(1)),
    last_contribution_at: instant,
  })
  .register(documented, { id: 'RankingEntry' })

const leaderboardAnswer = z
  .strictObject({
    board: boardPath.shape.board,
    window,
    ...moment,
    total: z.int().check(z.gte(0)).register(documented, { description: 'How many users are ranked in all' }),
    entries: z.array(entry).check(z.maxLength(100)),
    standing: z.optional(z.nullable(entry)).register(documented, {
      description: 'With `around`: that user’s entry, or null if they are not on the board',
    }),
    next_cursor: nextCursor,
  })
  .register(documented, { id: 'LiveRanking' })

export const readLeaderboardOperation = describe({
  id: 'readLeaderboard',
  tag: 'Leaderboards',
  summary: 'A ranking, a page of it, or a user among their neighbours',
  description: `By count, highest first, then by user id. Shown are users with a count of at least 1 who are not system, inactive, hidden or erased; those are skipped before ranking.`,
  path: boardPath,
  query: z.strictObject({
    window: z.prefault(windowParameter, '90d'),
    as_of: asOfParameter,
    locale: localeParameter,
    product: productParameter,
    around: aroundParameter,
    at_least: atLeastParameter,
    limit: boardLimitParameter,
    cursor: cursorParameter,
  }),
  answer: leaderboardAnswer,
  columns: ['rank', 'user_id', 'username', 'display_name', 'count', 'last_contribution_at'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The last 90 days': { path: { board: 'overall' } },
    'A user among their neighbours': {
      path: { board: 'support-forum' },
      query: { window: 'all', around: 42, limit: 3 },
    },
  },
})
