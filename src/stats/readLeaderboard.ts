import * as z from 'zod/mini'
import { boards } from '../contributions/definitions.ts'
import { formatInstant } from '../contributions/instant.ts'
import { windowAt } from '../contributions/window.ts'
import type { Answer } from '../http/answer.ts'
import { behind, isProblem, notFound, type Problem } from '../http/problem.ts'
import type { Call } from '../http/router.ts'
import { readBoard, type BoardEntry } from '../log/board.ts'
import { ask, readPosition } from '../log/database.ts'
import { formatCursor } from './cursor.ts'
import { pageOf } from './page.ts'
import {
  asOfParameter,
  atLeastParameter,
  cursorParameter,
  freshnessOf,
  limitParameter,
  localeParameter,
  productParameter,
  windowParameter,
} from './parameters.ts'
import { formatWindow } from './window.ts'

export const readLeaderboardQuery = z.strictObject({
  window: z.prefault(windowParameter, '90d'),
  as_of: asOfParameter,
  locale: localeParameter,
  product: productParameter,
  at_least: atLeastParameter,
  limit: limitParameter(20, 100),
  cursor: cursorParameter,
})

const toEntry = ({ rank, user, count, lastContributionAt }: BoardEntry) => ({
  rank,
  user,
  count,
  last_contribution_at: formatInstant(lastContributionAt),
})

/** `GET /v1/leaderboards/{board}`: a ranking, straight from the log. */
export const readLeaderboard = async ({
  request,
  env,
  now,
  params,
  query,
}: Call<z.infer<typeof readLeaderboardQuery>>): Promise<Answer | Problem> => {
  const rule = boards.find(({ board }) => board === params['board'])
  if (!rule) return notFound('Cannot find this board: /v1/leaderboards lists them')
  const page = pageOf(request, query, now)
  if (isProblem(page)) return page
  const window = windowAt(query.window, page.asOf, page.live)
  const { locale, product, limit } = query
  const selection = {
    rule,
    window,
    locale,
    product,
    position: page.position,
    defaultLocale: env.DEFAULT_LOCALE,
  }
  const after = page.after && { count: page.after[0], userId: page.after[1] }
  const [position, board] = await ask(
    env.DB,
    readPosition(env.DB),
    readBoard(env.DB, selection, limit, after),
  )
  const atLeast = Math.max(query.at_least, page.position ?? 0)
  if (position < atLeast) return behind(position, atLeast)
  const pinned = { ...page, position: page.position ?? position }
  const last = board.entries.at(-1)
  return {
    body: {
      board: rule.board,
      window: formatWindow(query.window, page),
      as_of: formatInstant(page.asOf),
      position: pinned.position,
      total: board.total,
      entries: board.entries.map(toEntry),
      next_cursor:
        board.more && last ? formatCursor(request, { ...pinned, after: [last.count, last.user.id] }) : null,
    },
    freshness: freshnessOf(page),
  }
}
