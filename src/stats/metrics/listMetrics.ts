import { configured } from '../../configuration.ts'
import { metrics, type Metric } from '../../contributions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { behind } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import type { ContributorCount } from '../../projections/Leaderboard.ts'
import { askObject } from '../../projections/stubs.ts'
import { leaderboardOf } from '../leaderboards.ts'
import { formatWindow } from '../window.ts'
import { listMetricsOperation } from './operations/listMetrics.ts'

type Counted = Extract<ContributorCount, { status: 'found' }>

const toItem = (
  { metric, title, description, min, windowDays, types, countsSelf, locale }: Metric,
  counted: Counted,
) => ({
  metric,
  value: counted.value,
  title,
  description,
  min,
  window: formatWindow(windowDays, { asOf: counted.asOf, live: true }),
  types,
  counts_self: countsSelf,
  locale,
})

/** `GET /v1/metrics`: every metric with its value now; `as_of` and `position` are the least of theirs. */
export const listMetrics: HandlerOf<typeof listMetricsOperation> = async ({ env, now, query, timing }) => {
  configured(env, 'DEFAULT_LOCALE')
  const asked = Promise.all(
    metrics.map(async ({ metric, windowDays, min }) =>
      askObject(
        () => leaderboardOf(env.LEADERBOARDS, metric, windowDays, {}),
        async (leaderboard) => leaderboard.count({ now, atLeast: query.at_least }, min),
      ),
    ),
  )
  const counts = await timing.time('object', asked)
  const found = counts.flatMap((counted) => (counted.status === 'found' ? [counted] : []))
  const items = metrics.flatMap((metric, index) => {
    const counted = found[index]
    return counted ? [toItem(metric, counted)] : []
  })
  if (items.length < metrics.length)
    return behind(Math.min(...counts.map(({ position }) => position)), query.at_least)
  return {
    body: {
      metrics: items,
      as_of: formatInstant(Math.min(...found.map(({ asOf }) => asOf))),
      position: Math.min(...found.map(({ position }) => position)),
    },
    freshness: 'live',
    ageSeconds: Math.max(...found.map(({ ageSeconds }) => ageSeconds)),
  }
}
