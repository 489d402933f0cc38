import * as z from 'zod/mini'
import { requireDefaultLocale } from '../../configuration.ts'
import { formatDay, intervals, pointsBetween, type DayNumber } from '../../contributions/calendar.ts'
import type { Metric } from '../../definitions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { invalidParameter, isFailure, type Result } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import {
  countedDays,
  dayAt,
  dayRangeOf,
  skippedDays,
  startOfDay,
  stretchesOf,
  type DayRange,
  daysParameters,
  timeZoneParameter,
} from '../days.ts'
import { pointsMax } from '../intervals.ts'
import { atLeastParameter, groupParameter, localeParameter, productParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { scanLog, selectionOf } from '../scanLog.ts'
import { metricOf } from './readMetric.ts'

const defaultDays = 90

const querySchema = z.strictObject({
  ...daysParameters,
  interval: z
    .prefault(z.enum(intervals, { error: 'use day, week or month' }), 'day')
    .register(documented, { description: 'The interval between two points' }),
  time_zone: timeZoneParameter,
  locale: localeParameter,
  product: productParameter,
  group: groupParameter,
  at_least: atLeastParameter,
})
type Query = z.infer<typeof querySchema>

const answer = z
  .strictObject({
    metric: shape.metricPath.shape.metric,
    interval: described(z.enum(intervals), 'The interval between two points'),
    time_zone: shape.timeZone,
    ...shape.days,
    ...shape.moment,
    points: z
      .array(
        z.strictObject({
          date: described(shape.day, 'The day at whose first instant the value is taken'),
          value: shape.counted('How many people the metric counted'),
        }),
      )
      .check(z.maxLength(pointsMax))
      .register(documented, {
        description: 'One for each day, Monday or first of a month in the range, oldest first',
      }),
  })
  .register(documented, { id: 'MetricHistory', description: 'The values of a metric over time' })

/** The dates in a range at which an interval begins, without dates that the zone skipped. */
const pointsOf = (
  { from, to }: DayRange,
  { interval, time_zone: timeZone }: Query,
  today: DayNumber,
): Result<DayNumber[]> => {
  // One more than allowed, because the zone may have skipped one.
  const dates = pointsBetween(from, to, interval, pointsMax + 1)
  const [first, last] = [dates[0] ?? from, dates.at(-1) ?? from]
  // Future dates are not checked: no one knows yet which of them a zone will skip.
  const skipped = first > today ? new Set() : skippedDays(first, Math.min(last, today) + 1, timeZone)
  const points = dates.filter((date) => !skipped.has(date))
  return points.length > pointsMax
    ? invalidParameter(
        'from',
        `Cannot give more than ${pointsMax} points: use a shorter range or a longer interval`,
      )
    : points
}

const readValues = async (
  call: Call<Query>,
  rule: Metric,
  points: DayNumber[],
): Promise<Result<{ answer: number[]; position: number }>> => {
  const { time_zone: timeZone, at_least: atLeast } = call.query
  const { windowDays, min } = rule
  const [first, last] = [points[0] ?? 0, points.at(-1) ?? 0]
  const { from, to } = countedDays({ from: first - windowDays, to: last }, call.now, timeZone)
  const window = { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) }
  const selection = selectionOf(call, rule, window)
  return await scanLog(call, async (scans) => {
    const part = { stretches: stretchesOf(from, to, timeZone), points, windowDays, min }
    return scans.history(selection, part, atLeast)
  })
}

/** `GET /v1/metrics/{metric}/history`. */
export const readMetricHistory = endpoint({
  id: 'readMetricHistory',
  tag: 'Metrics',
  summary: 'Get a metric over time',
  description:
    'For each date in `[from, to)`, the value of the metric at midnight in the time zone, over as many calendar days before it as the metric’s window has. By default, one point per day for the 90 days that end with today; `week` gives the Mondays in the range, `month` the first days of months; at most 1,000 points. A date that the time zone skipped has no point. A late or retracted contribution changes every point whose window contains it.',
  path: shape.metricPath,
  query: querySchema,
  answer,
  columns: ['date', 'value'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The Mondays of a month': {
      path: { metric: 'active_contributors' },
      query: { from: '2026-11-01', to: '2026-12-01', interval: 'week' },
    },
  },
  async handle(call) {
    const { now, params, query } = call
    const { time_zone, interval } = query
    const rule = metricOf(params['metric'])
    if (isFailure(rule)) return rule
    requireDefaultLocale(call.env, rule)
    const today = dayAt(now, time_zone)
    const range = dayRangeOf(query, today, defaultDays)
    if (isFailure(range)) return range
    const dates = pointsOf(range, query, today)
    if (isFailure(dates)) return dates
    const values = await readValues(call, rule, dates)
    if (isFailure(values)) return values
    const points = dates.map((date, index) => ({ date: formatDay(date), value: values.answer[index] ?? 0 }))
    const { metric } = rule
    const days = { from: formatDay(range.from), to: formatDay(range.to) }
    const reflected = { as_of: formatInstant(now), position: values.position }
    return {
      body: { metric, interval, time_zone, ...days, ...reflected, points },
      table: () => points.map(({ date, value }) => [date, value]),
      freshness: 'live',
      holds: forASecond(now),
    }
  },
})
