import * as z from 'zod/mini'
import { requireDefaultLocale } from '../../configuration.ts'
import { formatInstant, windowOf, type Span } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import type { Metric } from '../../definitions/definitions.ts'
import { isFailure, type Result } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import type { RestOfTable } from '../../http/streamTable.ts'
import { runBatch } from '../../log/database.ts'
import { readProfiles } from '../../log/queries/users.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import type { MembersPage, Scanned } from '../../projections/scans/LogScans.ts'
import {
  formatCursor,
  formatWindow,
  freshnessOf,
  pageStartOf,
  scanMomentOf,
  type PageStart,
  cursorParameter,
  isWhole,
  wholePage,
} from '../moment.ts'
import { limitParameter } from '../parameters.ts'
import { spanOf } from '../periods.ts'
import { readRankedRest } from '../rankedRest.ts'
import { scanLog, selectionOf } from '../scanLog.ts'
import * as shape from '../shapes.ts'
import { metricOf, metricParameters } from './readMetric.ts'

const limitMax = 1000

const answer = z
  .strictObject({
    metric: shape.metricPath.shape.metric,
    window: shape.window,
    min: shape.min,
    ...shape.moment,
    value: shape.counted('How many people the metric counts'),
    listed: shape.counted(
      'The length of the list: how many of the users may be shown, because they are not hidden, inactive or erased',
    ),
    users: z
      .array(
        z.strictObject({
          user: shape.user,
          count: shape.measured,
        }),
      )
      .check(z.maxLength(1000))
      .register(documented, { description: 'Highest counts first, then by ID' }),
    next_cursor: shape.nextCursor,
  })
  .register(documented, { id: 'MetricUsers', description: 'A page of the people whom a metric counts' })

const nextCursorOf = (
  request: Request,
  { asOf, live }: PageStart,
  position: number,
  { members, more }: MembersPage,
): string | null => {
  const last = members.at(-1)
  return more && last
    ? formatCursor(request, { asOf, live, position, after: [last.count, last.user.id] })
    : null
}

const querySchema = z.strictObject({
  ...metricParameters,
  limit: z._default(limitParameter(limitMax), 20),
  cursor: cursorParameter,
})

type Query = z.infer<typeof querySchema>

/** Reads a page at the position pinned by `start`, or at the end of the log. */
const readMembers = async (
  call: Call<Query>,
  rule: Metric,
  min: number,
  span: Span,
  start: PageStart,
): Promise<Result<Scanned<MembersPage>>> => {
  const { at_least: atLeast } = call.query
  const limit = isWhole(call) ? wholePage : call.query.limit
  const after = start.after && { count: start.after[0], userId: start.after[1] }
  const selection = selectionOf(call, rule, windowOf(span, start.asOf, start.live), start.position)
  const found = await scanLog(call, async (scans) => scans.members(selection, { limit, after, min }, atLeast))
  return isFailure(found) ? found : { ...found, position: start.position ?? found.position }
}

const toCells = (user: Profile, count: number) => [user.id, user.username, user.display_name, count]

/** The rest of the list after its first page, if the whole list is requested; undefined if there is none. */
const readRest = async (
  call: Call<Query>,
  rule: Metric,
  min: number,
  span: Span,
  start: PageStart,
  { position, answer: { members, more } }: Scanned<MembersPage>,
): Promise<Result<RestOfTable> | undefined> => {
  const last = members.at(-1)
  if (!isWhole(call) || !more || !last) return undefined
  const { asOf } = start
  const selection = { ...selectionOf(call, rule, windowOf(span, asOf, start.live), position), position }
  const { DB } = call.env
  const page = { start, asOf, selection, last, min, limit: limitMax }
  return await readRankedRest(call, page, async (users) => {
    const ids = users.map(({ userId }) => userId)
    const [profiles] = await runBatch(DB, readProfiles(DB, ids))
    return users.flatMap(({ userId, count }) => {
      const user = profiles.get(userId)
      return user ? [toCells(user, count)] : []
    })
  })
}

/** `GET /v1/metrics/{metric}/users`. */
export const listMetricUsers = endpoint({
  id: 'listMetricUsers',
  tag: 'Metrics',
  summary: 'List the users whom a metric counts',
  description:
    'Ordered by count, highest first, then by user ID. `value` is the metric’s value, and `listed` is the length of the list: hidden, inactive and erased users count, but are not listed.',
  path: shape.metricPath,
  query: querySchema,
  answer,
  columns: ['user_id', 'username', 'display_name', 'count'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'Everyone who answered on at least 1 day of November': {
      path: { metric: 'support_forum_contributors' },
      query: { period: '2026-11', measure: 'days', min: 1 },
    },
  },
  async handle(call) {
    const { request, now, params, query } = call
    const rule = metricOf(params['metric'])
    if (isFailure(rule)) return rule
    requireDefaultLocale(call.env, rule)
    const requested = pageStartOf(request, query, now)
    if (isFailure(requested)) return requested
    const start = scanMomentOf(requested)
    const span = spanOf(query, rule.windowDays)
    if (isFailure(span)) return span
    const min = query.min ?? rule.min
    const found = await readMembers(call, rule, min, span, start)
    if (isFailure(found)) return found
    const rest = await readRest(call, rule, min, span, start, found)
    if (isFailure(rest)) return rest
    const { position, answer: page } = found
    const { value, listed, members } = page
    const [window, as_of] = [formatWindow(span, start), formatInstant(start.asOf)]
    const next_cursor = nextCursorOf(request, start, position, page)
    return {
      body: { metric: rule.metric, window, min, as_of, position, value, listed, users: members, next_cursor },
      table: () => members.map(({ user, count }) => toCells(user, count)),
      rest,
      freshness: freshnessOf(start),
      holds: forASecond(now),
    }
  },
})
