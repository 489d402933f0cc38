import * as z from 'zod/mini'
import { configured } from '../../configuration.ts'
import { metrics, type Metric } from '../../definitions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import type { ContributorCount } from '../../projections/ranking/LiveRanking.ts'
import { formatWindow } from '../moment.ts'
import { atLeastParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { readLiveMetric } from './readMetric.ts'

const listedMetric = z.strictObject({
  metric: shape.metricPath.shape.metric,
  value: shape.counted('How many people it counts'),
  ...shape.labels,
  min: shape.min,
  window: shape.window,
  ...shape.rule,
})

const toItem = ({ metric, value }: { metric: Metric; value: ContributorCount }) => ({
  metric: metric.metric,
  value: value.value,
  title: metric.title,
  description: metric.description,
  min: metric.min,
  window: formatWindow({ length: metric.windowDays }, { asOf: value.asOf, live: true }),
  types: metric.types,
  counts_self: metric.countsSelf,
  locale: metric.locale,
})

/** `GET /v1/metrics`. */
export const listMetrics = endpoint({
  id: 'listMetrics',
  tag: 'Metrics',
  summary: 'List the metrics with their current values',
  description:
    'Every metric with its rule and its current value. `as_of` and `position` are the earliest of those values.',
  query: z.strictObject({ at_least: atLeastParameter }),
  answer: z.strictObject({
    metrics: z
      .array(listedMetric)
      .check(z.length(metrics.length))
      .register(documented, { description: 'Every metric, as the definitions order them' }),
    ...shape.moment,
  }),
  cached: true,
  examples: { Now: {} },
  async handle(call) {
    configured(call.env, 'DEFAULT_LOCALE')
    const values = await Promise.all(
      metrics.map(async (metric) => {
        const value = await readLiveMetric(call, metric, metric.windowDays, metric.min)
        return isFailure(value) ? value : { metric, value }
      }),
    )
    const failure = values.find(isFailure)
    if (failure) return failure
    const found = values.flatMap((value) => (isFailure(value) ? [] : [value]))
    return {
      body: {
        metrics: found.map(toItem),
        as_of: formatInstant(Math.min(...found.map(({ value }) => value.asOf))),
        position: Math.min(...found.map(({ value }) => value.position)),
      },
      freshness: 'live',
      ageSeconds: Math.max(...found.map(({ value }) => value.ageSeconds)),
      holds: forASecond(call.now),
    }
  },
})
