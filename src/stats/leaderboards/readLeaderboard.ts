import { requireDefaultLocale } from '../../configuration.ts'
import { boards, type Board } from '../../contributions/definitions.ts'
import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { windowAt } from '../../contributions/window.ts'
import { behind, invalidParameter, isProblem, notFound, type Problem } from '../../http/problem.ts'
import type { QueryOf } from '../../http/openapi/operation.ts'
import type { Call, HandlerOf } from '../../http/route.ts'
import type { LeaderboardEntry, LeaderboardPage } from '../../projections/Leaderboard.ts'
import { askObject } from '../../projections/stubs.ts'
import { formatCursor } from '../cursor.ts'
import { isRolling, leaderboardOf, noSuchFilter } from '../leaderboards.ts'
import { pageOf, type Page } from '../page.ts'
import { freshnessOf } from '../parameters.ts'
import { scanLog } from '../scanLog.ts'
import { formatWindow } from '../window.ts'
import { readLeaderboardOperation } from './operations/readLeaderboard.ts'

const defaultLimit = 20
const defaultLimitAround = 11

type Query = QueryOf<typeof readLeaderboardOperation>

/** The part of a board that a query asks for, from the object that rolls it or from the log. */
type Found = Omit<Extract<LeaderboardPage, { status: 'found' }>, 'status'>

const toEntry = ({ rank, user, count, lastContributionAt }: LeaderboardEntry) => ({
  rank,
  user,
  count,
  last_contribution_at: formatInstant(lastContributionAt),
})

const toCells = ({ rank, user, count, lastContributionAt }: LeaderboardEntry) => [
  rank,
  user.id,
  user.username,
  user.display_name,
  count,
  formatInstant(lastContributionAt),
]

const limitOf = ({ limit, around, cursor }: Query): number | Problem => {
  if (around === undefined) return limit ?? defaultLimit
  if (cursor !== undefined)
    return invalidParameter('around', 'Cannot use around together with a cursor: leave one out')
  if (limit === undefined) return defaultLimitAround
  return limit % 2 === 1
    ? limit
    : invalidParameter('limit', `Cannot use ${limit} with around: use an odd number`)
}

const fromObject = async (
  { env, now, query, timing }: Call<Query>,
  board: Board,
  limit: number,
): Promise<Found | Problem> => {
  const empty = { asOf: now, ageSeconds: 0, total: 0, entries: [], more: false }
  const unmatched = noSuchFilter(env.DB, query)
  const position = unmatched && (await timing.time('log', unmatched))
  if (position !== undefined) {
    return position < query.at_least ? behind(position, query.at_least) : { ...empty, position }
  }
  const asking = { now, atLeast: query.at_least }
  const { around } = query
  const page = await timing.time(
    'object',
    askObject(
      () => leaderboardOf(env.LEADERBOARDS, board.board, query.window, query),
      async (leaderboard): Promise<LeaderboardPage> => leaderboard.page(asking, { limit, around }),
    ),
  )
  return page.status === 'unavailable' ? behind(page.position, query.at_least) : page
}

const fromLog = async (
  call: Call<Query>,
  rule: Board,
  limit: number,
  { asOf, live, position, after: last }: Page,
): Promise<Found | Problem> => {
  const { locale, product, around, window: length, at_least } = call.query
  const window = windowAt(length, asOf, live)
  const selection = { rule, window, locale, product, position, defaultLocale: call.env.DEFAULT_LOCALE }
  const after = last && { count: last[0], userId: last[1] }
  const scanned = await scanLog(call, Math.max(at_least, position ?? 0), async (scans) =>
    scans.board(selection, { limit, after, around }, at_least),
  )
  if (isProblem(scanned)) return scanned
  return { ...scanned.answer, asOf, ageSeconds: 0, position: position ?? scanned.position }
}

const nextCursor = (
  request: Request,
  page: Page,
  { more, entries, position, asOf }: Found,
): string | null => {
  const last = entries.at(-1)
  if (!more || !last) return null
  return formatCursor(request, { asOf, live: page.live, position, after: [last.count, last.user.id] })
}

/** `GET /v1/leaderboards/{board}`: a ranking, a page of it, or a user among their neighbours. */
export const readLeaderboard: HandlerOf<typeof readLeaderboardOperation> = async (call) => {
  const { request, now, params, query } = call
  const board = boards.find((candidate) => candidate.board === params['board'])
  if (!board) return notFound('Cannot find this board: /v1/leaderboards lists them')
  requireDefaultLocale(call.env, board)
  const limit = limitOf(query)
  if (typeof limit !== 'number') return limit
  const page = pageOf(request, query, now)
  if (isProblem(page)) return page
  const isLive = page.live && page.after === undefined && isRolling(query.window, query)
  const found = isLive ? await fromObject(call, board, limit) : await fromLog(call, board, limit, page)
  if (isProblem(found)) return found
  const asOf: Instant = found.asOf
  const standing = found.entries.find(({ user }) => user.id === query.around)
  return {
    body: {
      board: board.board,
      window: formatWindow(query.window, { asOf, live: page.live }),
      as_of: formatInstant(asOf),
      position: found.position,
      total: found.total,
      entries: found.entries.map(toEntry),
      ...(query.around !== undefined && { standing: standing ? toEntry(standing) : null }),
      next_cursor: query.around === undefined ? nextCursor(request, page, found) : null,
    },
    table: () => found.entries.map(toCells),
    freshness: freshnessOf(page),
    ageSeconds: found.ageSeconds,
  }
}
