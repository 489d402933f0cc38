import * as z from 'zod/mini'
import { requireDefaultLocale } from '../../configuration.ts'
import { boards, type Board } from '../../definitions/definitions.ts'
import { formatInstant, windowOf, type Span } from '../../contributions/instant.ts'
import type { RankingEntry } from '../../contributions/ranking.ts'
import { invalidParameter, isFailure, notFound, type Result } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { runBatch } from '../../log/database.ts'
import { readEntryDetails, toEntries } from '../../log/queries/tally.ts'
import type { RestOfTable } from '../../http/streamTable.ts'
import type { LivePage } from '../../projections/ranking/LiveRanking.ts'
import {
  formatWindow,
  freshnessOf,
  formatCursor,
  pageStartOf,
  scanMomentOf,
  type PageStart,
  asOfParameter,
  cursorParameter,
  isWhole,
  wholePage,
} from '../moment.ts'
import {
  atLeastParameter,
  groupParameter,
  localeParameter,
  productParameter,
  wholeNumber,
} from '../parameters.ts'
import { measureParameter } from '../measures.ts'
import { spanOf, spanParameters } from '../periods.ts'
import * as shape from '../shapes.ts'
import { isRolling, readRanking } from '../readRanking.ts'
import { readRankedRest } from '../rankedRest.ts'
import { scanLog, selectionOf } from '../scanLog.ts'

const defaultDays = 90
const defaultLimit = 20
const defaultLimitAround = 11
const limitMax = 100

const querySchema = z.strictObject({
  ...spanParameters({ default: `${defaultDays}d` }),
  as_of: asOfParameter,
  locale: localeParameter,
  product: productParameter,
  group: groupParameter,
  measure: measureParameter,
  around: z.optional(
    wholeNumber(
      1,
      Number.MAX_SAFE_INTEGER,
      'A user ID: the entries around that user, who is in the middle. Cannot be combined with `cursor`',
    ),
  ),
  at_least: atLeastParameter,
  limit: z.optional(
    wholeNumber(1, limitMax, 'How many entries: 20 by default; with `around` an odd number, 11 by default'),
  ),
  cursor: cursorParameter,
})
type Query = z.infer<typeof querySchema>

const entry = z
  .strictObject({
    rank: shape.positive('Equal counts share a rank, and the next rank is skipped'),
    user: shape.user,
    count: shape.measured,
    last_contribution_at: described(
      shape.instant,
      'When the latest contribution that the entry counts happened',
    ),
  })
  .register(documented, { id: 'LeaderboardEntry', description: 'A ranked user' })

const answer = z
  .strictObject({
    board: shape.boardPath.shape.board,
    window: shape.window,
    ...shape.moment,
    total: shape.counted('How many users are ranked in total'),
    entries: described(z.array(entry).check(z.maxLength(100)), 'The ranked users, best first'),
    standing: z.optional(z.nullable(entry)).register(documented, {
      description: 'With `around`, the entry of that user, or null if they are unranked',
    }),
    next_cursor: shape.nextCursor,
  })
  .register(documented, { id: 'Leaderboard', description: 'A page of a leaderboard' })

const toEntry = ({ rank, user, count, lastContributionAt }: RankingEntry) => ({
  rank,
  user,
  count,
  last_contribution_at: formatInstant(lastContributionAt),
})

const toCells = ({ rank, user, count, lastContributionAt }: RankingEntry) => [
  rank,
  user.id,
  user.username,
  user.display_name,
  count,
  formatInstant(lastContributionAt),
]

const limitOf = (call: Call<Query>): Result<number> => {
  const { limit, around, cursor } = call.query
  if (isWhole(call)) return wholePage
  if (around === undefined) return limit ?? defaultLimit
  if (cursor !== undefined)
    return invalidParameter('around', 'Cannot use around together with a cursor: leave one out')
  if (limit === undefined) return defaultLimitAround
  return limit % 2 === 1
    ? limit
    : invalidParameter('limit', `Cannot use ${limit} with around: use an odd number`)
}

const readFromLog = async (
  call: Call<Query>,
  rule: Board,
  limit: number,
  span: Span,
  start: PageStart,
): Promise<Result<LivePage>> => {
  const { around, at_least: atLeast } = call.query
  const { asOf, live, position } = scanMomentOf(start)
  const selection = selectionOf(call, rule, windowOf(span, asOf, live), position)
  const after = start.after && { count: start.after[0], userId: start.after[1] }
  const scanned = await scanLog(call, async (scans) =>
    scans.board(selection, { limit, after, around }, atLeast),
  )
  if (isFailure(scanned)) return scanned
  return { ...scanned.answer, asOf, ageSeconds: 0, position: position ?? scanned.position }
}

const readPage = async (
  call: Call<Query>,
  board: Board,
  limit: number,
  span: Span,
  start: PageStart,
): Promise<Result<LivePage>> => {
  const { now, query } = call
  const isLive = start.live && start.after === undefined
  if (!isLive || !isRolling(span, query)) return await readFromLog(call, board, limit, span, start)
  const empty = { asOf: now, ageSeconds: 0, total: 0, entries: [], more: false }
  return await readRanking<Omit<LivePage, 'position'>>(
    call,
    { of: board.board, window: span.length },
    empty,
    async (ranking, request): Promise<Result<LivePage>> =>
      ranking.page(request, { limit, around: query.around }),
  )
}

const nextCursorOf = (request: Request, { live }: PageStart, found: LivePage): string | null => {
  const last = found.entries.at(-1)
  if (!found.more || !last) return null
  const { asOf, position } = found
  return formatCursor(request, { asOf, live, position, after: [last.count, last.user.id] })
}

const toBody = (
  request: Request,
  around: number | undefined,
  span: Span,
  start: PageStart,
  found: LivePage,
) => {
  const { asOf, position, total, entries } = found
  const own = entries.find(({ user }) => user.id === around)
  return {
    window: formatWindow(span, { asOf, live: start.live }),
    as_of: formatInstant(asOf),
    position,
    total,
    entries: entries.map(toEntry),
    ...(around !== undefined && { standing: own ? toEntry(own) : null }),
    next_cursor: around === undefined ? nextCursorOf(request, start, found) : null,
  }
}

/** The rest of a board after its first page, if the whole board is requested; undefined if there is none. */
const readRest = async (
  call: Call<Query>,
  board: Board,
  span: Span,
  start: PageStart,
  { asOf, position, entries, more }: LivePage,
): Promise<Result<RestOfTable> | undefined> => {
  const last = entries.at(-1)
  if (!isWhole(call) || !more || !last) return undefined
  const selection = {
    ...selectionOf(call, board, windowOf(span, asOf, start.live), position),
    position,
  }
  const { DB } = call.env
  return await readRankedRest(call, { start, asOf, selection, last, limit: limitMax }, async (users) => {
    const [details] = await runBatch(DB, readEntryDetails(DB, selection, users))
    return toEntries(users, details).map(toCells)
  })
}

/** `GET /v1/leaderboards/{board}`. */
export const readLeaderboard = endpoint({
  id: 'readLeaderboard',
  tag: 'Leaderboards',
  summary: 'Get a leaderboard, or the part of it around a user',
  description:
    'Ordered by count, highest first, then by user ID; `measure` selects what is counted. Users are ranked if their count is at least 1 and they are not system, inactive, hidden or erased.',
  path: shape.boardPath,
  query: querySchema,
  answer,
  columns: ['rank', 'user_id', 'username', 'display_name', 'count', 'last_contribution_at'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The last 90 days': { path: { board: 'overall' } },
    'A month in Berlin': {
      path: { board: 'overall' },
      query: { period: '2026-11', time_zone: 'Europe/Berlin' },
    },
    'A user among their neighbours': {
      path: { board: 'support-forum' },
      query: { window: 'all', around: 42, limit: 3 },
    },
  },
  async handle(call) {
    const { request, now, params, query } = call
    const board = boards.find((candidate) => candidate.board === params['board'])
    if (!board) return notFound('No such leaderboard: GET /v1/leaderboards lists them')
    requireDefaultLocale(call.env, board)
    const limit = limitOf(call)
    if (isFailure(limit)) return limit
    const start = pageStartOf(request, query, now)
    if (isFailure(start)) return start
    const span = spanOf(query, defaultDays)
    if (isFailure(span)) return span
    const found = await readPage(call, board, limit, span, start)
    if (isFailure(found)) return found
    const rest = await readRest(call, board, span, start, found)
    if (isFailure(rest)) return rest
    return {
      body: { board: board.board, ...toBody(request, query.around, span, start, found) },
      table: () => found.entries.map(toCells),
      rest,
      freshness: freshnessOf(start),
      ageSeconds: found.ageSeconds,
      holds: forASecond(now),
    }
  },
})
