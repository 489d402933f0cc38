import * as z from 'zod/mini'
import { metrics } from '../contributions/definitions.ts'
import { formatInstant } from '../contributions/instant.ts'
import { windowAt } from '../contributions/window.ts'
import type { Answer } from '../http/answer.ts'
import { behind, isProblem, notFound, type Problem } from '../http/problem.ts'
import type { Call } from '../http/router.ts'
import { ask, readPosition } from '../log/database.ts'
import { readMetric as readMetricFromLog } from '../log/metric.ts'
import {
  asOfParameter,
  atLeastParameter,
  freshnessOf,
  localeParameter,
  minParameter,
  momentOf,
  productParameter,
  windowParameter,
} from './parameters.ts'
import { formatWindow } from './window.ts'

export const readMetricQuery = z.strictObject({
  as_of: asOfParameter,
  locale: localeParameter,
  product: productParameter,
  window: z.optional(windowParameter),
  min: minParameter,
  at_least: atLeastParameter,
})

/** `GET /v1/metrics/{metric}`: how many users contributed at least so much, straight from the log. */
export const readMetric = async ({
  env,
  now,
  params,
  query,
}: Call<z.infer<typeof readMetricQuery>>): Promise<Answer | Problem> => {
  const rule = metrics.find(({ metric }) => metric === params['metric'])
  if (!rule) return notFound('Cannot find this metric: /v1/metrics lists them')
  const moment = momentOf(query.as_of, now)
  if (isProblem(moment)) return moment
  const length = query.window === undefined ? rule.windowDays : query.window
  const min = query.min ?? rule.min
  const window = windowAt(length, moment.asOf, moment.live)
  const { locale, product } = query
  const selection = { rule, window, locale, product, position: undefined, defaultLocale: env.DEFAULT_LOCALE }
  const [position, value] = await ask(env.DB, readPosition(env.DB), readMetricFromLog(env.DB, selection, min))
  if (position < query.at_least) return behind(position, query.at_least)
  return {
    body: {
      metric: rule.metric,
      value,
      window: formatWindow(length, moment),
      min,
      as_of: formatInstant(moment.asOf),
      position,
    },
    freshness: freshnessOf(moment),
  }
}
