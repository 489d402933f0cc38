import * as z from 'zod/mini'
import { requireDefaultLocale } from '../../configuration.ts'
import { metrics, type Metric } from '../../definitions/definitions.ts'
import { formatInstant, windowOf, type Span, type WindowLength } from '../../contributions/instant.ts'
import { isFailure, notFound, type Failure, type Result } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import type { ContributorCount } from '../../projections/ranking/LiveRanking.ts'
import { formatWindow, freshnessOf, momentOf, scanMomentOf, type Moment, asOfParameter } from '../moment.ts'
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
import { scanLog, selectionOf, type EventFilter } from '../scanLog.ts'

/** Reads a metric over a window that ends now, from its live ranking. */
export const readLiveMetric = async (
  call: Call<EventFilter>,
  { metric }: Metric,
  window: WindowLength,
  min: number,
): Promise<Result<ContributorCount>> =>
  await readRanking<Omit<ContributorCount, 'position'>>(
    call,
    { of: metric, window },
    { value: 0, asOf: call.now, ageSeconds: 0 },
    async (ranking, request): Promise<Result<ContributorCount>> => ranking.count(request, min),
  )

/** The parameters that select a metric's value. */
export const metricParameters = {
  as_of: asOfParameter,
  locale: localeParameter,
  product: productParameter,
  group: groupParameter,
  ...spanParameters({
    description: '`1d` to `3660d`, or `all`. Default: the metric’s own window',
  }),
  measure: measureParameter,
  min: z.optional(
    wholeNumber(
      1,
      Number.MAX_SAFE_INTEGER,
      'The minimum count, of what `measure` selects, for a user to be included. Default: the metric’s own minimum',
    ),
  ),
  at_least: atLeastParameter,
}
type Query = z.infer<z.ZodMiniObject<typeof metricParameters>>

const answer = z
  .strictObject({
    metric: shape.metricPath.shape.metric,
    value: shape.counted('How many people the metric counts'),
    window: shape.window,
    min: shape.min,
    ...shape.moment,
  })
  .register(documented, { id: 'MetricValue', description: 'The value of a metric' })

/** The metric with this name, or a not-found failure. */
export const metricOf = (name: string | undefined): Metric | Failure =>
  metrics.find(({ metric }) => metric === name) ?? notFound('No such metric: GET /v1/metrics lists them')

const readFromLog = async (
  call: Call<Query>,
  rule: Metric,
  span: Span,
  min: number,
  moment: Moment,
): Promise<Result<ContributorCount>> => {
  const { at_least: atLeast } = call.query
  const { asOf, live } = scanMomentOf(moment)
  const selection = selectionOf(call, rule, windowOf(span, asOf, live))
  const scanned = await scanLog(call, async (scans) => scans.metric(selection, min, atLeast))
  if (isFailure(scanned)) return scanned
  return { value: scanned.answer, position: scanned.position, asOf, ageSeconds: 0 }
}

/** `GET /v1/metrics/{metric}`. */
export const readMetric = endpoint({
  id: 'readMetric',
  tag: 'Metrics',
  summary: 'Get a metric',
  description:
    'The number of users with at least `min` contributions of the metric’s types in the window; with `measure`, at least `min` distinct parents or days. System accounts never count; inactive, hidden and erased users do.',
  path: shape.metricPath,
  query: z.strictObject(metricParameters),
  answer,
  cached: true,
  problems: ['not-found'],
  examples: {
    'The live value': { path: { metric: 'active_contributors' } },
    'Everyone who answered in 7 days': {
      path: { metric: 'support_forum_contributors' },
      query: { window: '7d', min: 1 },
    },
    'A quarter in Berlin': {
      path: { metric: 'active_contributors' },
      query: { period: '2026-Q4', time_zone: 'Europe/Berlin' },
    },
  },
  async handle(call) {
    const { now, params, query } = call
    const rule = metricOf(params['metric'])
    if (isFailure(rule)) return rule
    requireDefaultLocale(call.env, rule)
    const moment = momentOf(query.as_of, now)
    if (isFailure(moment)) return moment
    const span = spanOf(query, rule.windowDays)
    if (isFailure(span)) return span
    const min = query.min ?? rule.min
    const found =
      moment.live && isRolling(span, query)
        ? await readLiveMetric(call, rule, span.length, min)
        : await readFromLog(call, rule, span, min, moment)
    if (isFailure(found)) return found
    const { value, asOf, position, ageSeconds } = found
    const window = formatWindow(span, { asOf, live: moment.live })
    return {
      body: { metric: rule.metric, value, window, min, as_of: formatInstant(asOf), position },
      freshness: freshnessOf(moment),
      ageSeconds,
      holds: forASecond(now),
    }
  },
})
