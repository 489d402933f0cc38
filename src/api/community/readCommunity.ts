import * as z from 'zod/mini'
import { defaultLocaleOf, requireDefaultLocale } from '../../configuration.ts'
import { formatDay } from '../../contributions/calendar.ts'
import type { Lifecycle } from '../../contributions/community/activity.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { metrics } from '../../definitions/definitions.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import type { ActivityQuestion } from '../../projections/columns/LogColumns.ts'
import { formatWindow, freshnessOf, momentOf } from '../moment.ts'
import * as shape from '../shapes.ts'
import { pointsMax, type CalendarInterval } from '../intervals.ts'
import {
  activityIntervalParameter,
  activityIntervals,
  communityParameters,
  communityRange,
  readColumns,
} from './range.ts'

const metricNames = metrics.map(({ metric }) => metric)

/** The default rule: `active_contributors`, or the site's first metric if there is none of that name. */
const defaultRule = metricNames.find((name) => name === 'active_contributors') ?? metricNames[0] ?? ''

/** The parameters of endpoints about people's activity. */
export const activityParameters = {
  rule: z
    .prefault(z.enum(metricNames, { error: `use one of ${metricNames.join(', ')}` }), defaultRule)
    .register(documented, {
      description:
        'The metric that defines activity: its types, its locales, and whether work on one’s own content counts. Its minimum and its window have no effect',
    }),
  ...communityParameters,
  interval: activityIntervalParameter,
}

/** Converts a query to the question that the columns answer. */
export const activityQuestion = (
  { env, query }: Call<z.infer<z.ZodMiniObject<typeof activityParameters>>>,
  bounds: ActivityQuestion['bounds'],
): ActivityQuestion => {
  const rule = metrics.find(({ metric }) => metric === query.rule)
  if (rule === undefined) throw new Error(`No such metric: ${query.rule}`)
  requireDefaultLocale(env, rule)
  const { locale, product, group } = query
  return { rule, defaultLocale: defaultLocaleOf(env), locale, product, group, bounds }
}

/** A share of a whole, from 0 to 1. `without` says when it is null. */
export const share = (part: string, without: string) =>
  z.nullable(z.number().check(z.gte(0), z.lte(1))).register(documented, {
    description: `${part}, from 0 to 1 with four decimals; null if ${without}`,
  })

const point = z.strictObject({
  date: shape.date,
  active: shape.counted('People who contributed in the interval'),
  new: shape.counted('Active people who had never contributed before'),
  returning: shape.counted('Active people who were also active in the previous interval'),
  resurrected: shape.counted(
    'Active people who were not active in the previous interval, but had contributed earlier',
  ),
  dormant: shape.counted('People who were active in the previous interval, but not in this one'),
  contributions: shape.counted('Contributions in the interval'),
  top_share: share('The share of them made by the ten most active people', 'there are none'),
  absence_factor: shape.counted(
    'The smallest number of people who made at least half of them; 0 if there are none',
  ),
  complete: shape.complete,
})

const answer = z
  .strictObject({
    rule: shape.metricPath.shape.metric,
    interval: shape.interval(activityIntervals),
    time_zone: shape.timeZone,
    window: shape.window,
    ...shape.moment,
    points: shape.points(point, pointsMax),
  })
  .register(documented, {
    id: 'Community',
    description: 'How many people came, stayed, returned and left, by interval',
  })

const toPoint = (
  { first, to }: CalendarInterval,
  { topShare, absenceFactor, ...people }: Lifecycle,
  asOf: number,
) => ({
  date: formatDay(first),
  active: people.active,
  new: people.new,
  returning: people.returning,
  resurrected: people.resurrected,
  dormant: people.dormant,
  contributions: people.contributions,
  top_share: topShare,
  absence_factor: absenceFactor,
  complete: to <= asOf,
})

const columns = Object.keys(point.shape) as (keyof z.infer<typeof point>)[]

/** `GET /v1/community`. */
export const readCommunity = endpoint({
  id: 'readCommunity',
  tag: 'Community',
  summary: 'Get active, new and returning people',
  description:
    'One point for each interval that the range touches, by default the 12 weeks that end with the current one. `active` people contributed in the interval. They are `new` if it has their first contribution of all time, `returning` if they were also active in the previous interval, and otherwise `resurrected`. `dormant` people were active in the previous interval, but not in this one. `top_share` is the share of the contributions that the ten most active people made; `absence_factor` is the smallest number of people who made at least half of them. The range is extended back to the start of its first interval; at most 1,000 points. System accounts do not count.',
  query: z.strictObject(activityParameters),
  answer,
  columns,
  cached: true,
  examples: { 'A quarter by month': { query: { period: '2026-Q4', interval: 'month' } } },
  async handle(call) {
    const { now, query } = call
    const moment = momentOf(query.as_of, now)
    if (isFailure(moment)) return moment
    const range = communityRange(query, moment)
    if (isFailure(range)) return range
    const question = activityQuestion(call, range.bounds.length === 0 ? [] : [range.before, ...range.bounds])
    const found = await readColumns(call, async (log, request) => log.lifecycles(request, question))
    if (isFailure(found)) return found
    const points = range.intervals.flatMap((interval, index) => {
      const lifecycle = found.answer[index]
      return lifecycle ? [toPoint(interval, lifecycle, moment.asOf)] : []
    })
    const { rule, interval, time_zone } = query
    const window = formatWindow({ period: range.window }, moment)
    const as_of = formatInstant(moment.asOf)
    return {
      body: { rule, interval, time_zone, window, as_of, position: found.position, points },
      table: () => points.map((one) => columns.map((column) => one[column])),
      freshness: freshnessOf(moment),
      ageSeconds: found.ageSeconds,
      holds: forASecond(now),
    }
  },
})
