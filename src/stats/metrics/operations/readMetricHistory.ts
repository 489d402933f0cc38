import * as z from 'zod/mini'
import { intervals } from '../../../contributions/calendar.ts'
import { documented } from '../../../http/openapi/documented.ts'
import { describe } from '../../../http/openapi/operation.ts'
import {
  atLeastParameter,
  daysParameters,
  localeParameter,
  productParameter,
  timeZoneParameter,
} from '../../parameters.ts'
import { metricPath } from '../../paths.ts'
import { count, day, moment } from '../../shapes.ts'

const interval = z.enum(intervals, { error: 'use day, week or month' })

const historyAnswer = z
  .strictObject({
    metric: metricPath.shape.metric,
    interval: z.enum(intervals),
    time_zone: z.string(),
    from: day,
    to: day,
    ...moment,
    points: z.array(z.strictObject({ date: day, value: count })).check(z.maxLength(1000)),
  })
  .register(documented, { id: 'MetricHistory' })

export const readMetricHistoryOperation = describe({
  id: 'readMetricHistory',
  tag: 'Metrics',
  summary: 'A metric at every midnight of a range',
  description: `For each date in \`[from, to)\`: the metric over the 30 calendar days before that day’s midnight in the time zone. By default the 90 days that end with today, by day; \`week\` gives the Mondays in the range, \`month\` the 1sts; at most 1,000 points. A date that the zone skipped has no point. A late or retracted contribution changes every point whose window holds it.`,
  path: metricPath,
  query: z.strictObject({
    ...daysParameters,
    interval: z
      .prefault(interval, 'day')
      .register(documented, { description: 'What lies between two points' }),
    time_zone: timeZoneParameter,
    locale: localeParameter,
    product: productParameter,
    at_least: atLeastParameter,
  }),
  answer: historyAnswer,
  columns: ['date', 'value'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The Mondays of a month': {
      path: { metric: 'active_contributors' },
      query: { from: '2026-11-01', to: '2026-12-01', interval: 'week' },
    },
  },
})
