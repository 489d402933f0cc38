import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import {
  asOfParameter,
  atLeastParameter,
  localeParameter,
  minParameter,
  productParameter,
  windowParameter,
} from '../../parameters.ts'
import { metricPath } from '../../paths.ts'
import { count, moment, window } from '../../shapes.ts'

const metricAnswer = z
  .strictObject({
    metric: metricPath.shape.metric,
    value: count,
    window,
    min: z.int().check(z.gte(1)),
    ...moment,
  })
  .register(documented, { id: 'MetricValue' })

export const readMetricOperation = describe({
  id: 'readMetric',
  tag: 'Metrics',
  summary: 'How many users contributed at least so much',
  description: `The number of users with at least \`min\` contributions of the metric’s types in the window. System accounts never count; inactive, hidden and erased users do.`,
  path: metricPath,
  query: z.strictObject({
    as_of: asOfParameter,
    locale: localeParameter,
    product: productParameter,
    window: z.optional(windowParameter).register(documented, {
      description: '`1d` to `3660d`, or `all`. Left out, the metric’s own: 30 days',
    }),
    min: minParameter,
    at_least: atLeastParameter,
  }),
  answer: metricAnswer,
  cached: true,
  problems: ['not-found'],
  examples: {
    'The live value': { path: { metric: 'active_contributors' } },
    'Anybody who answered in 7 days': {
      path: { metric: 'support_forum_contributors' },
      query: { window: '7d', min: 1 },
    },
  },
})
