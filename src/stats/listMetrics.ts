import { metrics } from '../contributions/definitions.ts'
import { formatInstant } from '../contributions/instant.ts'
import { windowAt } from '../contributions/window.ts'
import type { Answer } from '../http/answer.ts'
import type { Call } from '../http/router.ts'
import { ask, readPosition } from '../log/database.ts'
import { readMetric } from '../log/metric.ts'
import { formatWindow } from './window.ts'

/** `GET /v1/metrics`: every metric with its value now. */
export const listMetrics = async ({ env, now }: Call): Promise<Answer> => {
  const values = metrics.map((rule) =>
    readMetric(
      env.DB,
      {
        rule,
        window: windowAt(rule.windowDays, now, true),
        locale: undefined,
        product: undefined,
        position: undefined,
        defaultLocale: env.DEFAULT_LOCALE,
      },
      rule.min,
    ),
  )
  const [position, ...answers] = await ask<[number, ...number[]]>(env.DB, readPosition(env.DB), ...values)
  const moment = { asOf: now, live: true }
  const described = metrics.map(
    ({ metric, title, description, min, windowDays, types, countsSelf, locale }, index) => ({
      metric,
      value: answers[index],
      title,
      description,
      min,
      window: formatWindow(windowDays, moment),
      types,
      counts_self: countsSelf,
      locale,
    }),
  )
  return { body: { metrics: described, as_of: formatInstant(now), position }, freshness: 'live' }
}
