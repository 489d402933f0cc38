import * as z from 'zod/mini'
import { metrics } from '../../../contributions/definitions.ts'
import { describe } from '../../../openapi/operation.ts'
import { atLeastParameter } from '../../parameters.ts'
import { metricPath } from '../../paths.ts'
import { count, moment, rule, window } from '../../shapes.ts'

const listedMetric = z.strictObject({
  metric: metricPath.shape.metric,
  value: count,
  title: z.string(),
  description: z.string(),
  min: z.int().check(z.gte(1)),
  window,
  ...rule,
})

const metricsAnswer = z.strictObject({
  metrics: z.array(listedMetric).check(z.length(metrics.length)),
  ...moment,
})

export const listMetricsOperation = describe({
  id: 'listMetrics',
  tag: 'Metrics',
  summary: 'Every metric with its value now',
  description:
    'The numbers of contributors, with the rule that each one counts by; `as_of` and `position` are the least of theirs.',
  query: z.strictObject({ at_least: atLeastParameter }),
  answer: metricsAnswer,
  cached: true,
  examples: { Now: {} },
})
