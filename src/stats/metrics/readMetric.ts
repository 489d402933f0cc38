import { requireDefaultLocale } from '../../configuration.ts'
import { metrics, type Metric } from '../../contributions/definitions.ts'
import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { windowAt, type WindowLength } from '../../contributions/window.ts'
import { behind, isProblem, notFound, type Problem } from '../../http/problem.ts'
import type { QueryOf } from '../../http/openapi/operation.ts'
import type { Call, HandlerOf } from '../../http/route.ts'
import { askObject } from '../../projections/stubs.ts'
import { isRolling, leaderboardOf, noSuchFilter } from '../leaderboards.ts'
import { freshnessOf, momentOf, type Moment } from '../parameters.ts'
import { scanLog } from '../scanLog.ts'
import { formatWindow } from '../window.ts'
import { readMetricOperation } from './operations/readMetric.ts'

type Query = QueryOf<typeof readMetricOperation>

interface Found {
  value: number
  position: number
  asOf: Instant
  ageSeconds: number
}

const fromObject = async (
  { env, now, query, timing }: Call<Query>,
  { metric }: Metric,
  length: WindowLength,
  min: number,
): Promise<Found | Problem> => {
  const unmatched = noSuchFilter(env.DB, query)
  const position = unmatched && (await timing.time('log', unmatched))
  if (position !== undefined) {
    return position < query.at_least
      ? behind(position, query.at_least)
      : { value: 0, position, asOf: now, ageSeconds: 0 }
  }
  const counted = await timing.time(
    'object',
    askObject(
      () => leaderboardOf(env.LEADERBOARDS, metric, length, query),
      async (leaderboard) => leaderboard.count({ now, atLeast: query.at_least }, min),
    ),
  )
  return counted.status === 'unavailable' ? behind(counted.position, query.at_least) : counted
}

const fromLog = async (
  call: Call<Query>,
  rule: Metric,
  length: WindowLength,
  min: number,
  { asOf, live }: Moment,
): Promise<Found | Problem> => {
  const { locale, product, at_least } = call.query
  const window = windowAt(length, asOf, live)
  const defaultLocale = call.env.DEFAULT_LOCALE
  const selection = { rule, window, locale, product, position: undefined, defaultLocale }
  const scanned = await scanLog(call, at_least, async (scans) => scans.metric(selection, min, at_least))
  if (isProblem(scanned)) return scanned
  return { value: scanned.answer, position: scanned.position, asOf, ageSeconds: 0 }
}

/** `GET /v1/metrics/{metric}`: how many users contributed at least so much. */
export const readMetric: HandlerOf<typeof readMetricOperation> = async (call) => {
  const { now, params, query } = call
  const rule = metrics.find(({ metric }) => metric === params['metric'])
  if (!rule) return notFound('Cannot find this metric: /v1/metrics lists them')
  requireDefaultLocale(call.env, rule)
  const moment = momentOf(query.as_of, now)
  if (isProblem(moment)) return moment
  const length = query.window === undefined ? rule.windowDays : query.window
  const min = query.min ?? rule.min
  const isLive = moment.live && isRolling(length, query)
  const found = isLive
    ? await fromObject(call, rule, length, min)
    : await fromLog(call, rule, length, min, moment)
  if (isProblem(found)) return found
  return {
    body: {
      metric: rule.metric,
      value: found.value,
      window: formatWindow(length, { asOf: found.asOf, live: moment.live }),
      min,
      as_of: formatInstant(found.asOf),
      position: found.position,
    },
    freshness: freshnessOf(moment),
    ageSeconds: found.ageSeconds,
  }
}
