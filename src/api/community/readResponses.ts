import * as z from 'zod/mini'
import { formatDay, volumeIntervals } from '../../contributions/calendar.ts'
import type { ResponseTimes } from '../../contributions/community/responses.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { responseTypes } from '../../definitions/definitions.ts'
import { isFailure, notFound } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { formatWindow, freshnessOf, momentOf } from '../moment.ts'
import * as shape from '../shapes.ts'
import { pointsMax, type CalendarInterval } from '../intervals.ts'
import { anyIntervalParameter, communityParameters, communityRange, readColumns } from './range.ts'

const hours = (which: string) =>
  z.nullable(z.number().check(z.gte(0))).register(documented, {
    description: `The ${which} of the hours from a question to its first reply, with two decimals; null if none has a reply`,
  })

/** null if the site has no type for solutions. */
const solved =
  responseTypes?.solution === undefined
    ? z
        .null()
        .register(documented, { description: 'Always null, because no type of contribution is a solution' })
    : shape.counted('Questions with a solution that stands')

const point = z.strictObject({
  date: shape.date,
  questions: shape.counted('Questions asked in the interval'),
  replied: shape.counted('Questions that somebody else answered'),
  replied_24h: shape.counted('Questions answered within 24 hours'),
  replied_72h: shape.counted('Questions answered within 72 hours'),
  solved,
  median_hours: hours('median'),
  p90_hours: hours('90th percentile'),
  open: shape.counted('Questions asked less than 72 hours before `as_of` that nobody else has answered'),
})

const answer = z
  .strictObject({
    interval: shape.interval(volumeIntervals),
    time_zone: shape.timeZone,
    window: shape.window,
    ...shape.moment,
    points: shape.points(point, pointsMax),
  })
  .register(documented, {
    id: 'Responses',
    description: 'How questions were answered, by the interval in which they were asked',
  })

type Point = z.infer<typeof point>

const toPoint = ({ first }: CalendarInterval, times: ResponseTimes): Point => ({
  date: formatDay(first),
  questions: times.questions,
  replied: times.replied,
  replied_24h: times.replied24h,
  replied_72h: times.replied72h,
  solved: responseTypes?.solution === undefined ? null : times.solved,
  median_hours: times.medianHours,
  p90_hours: times.p90Hours,
  open: times.open,
})

const columns = Object.keys(point.shape) as (keyof Point)[]

/** `GET /v1/responses`. */
export const readResponses = endpoint({
  id: 'readResponses',
  tag: 'Community',
  summary: 'Get response statistics',
  description:
    'One point for each interval that the range touches, by default the 12 weeks that end with the current one. A point is about the questions asked in its interval: how many have a reply by someone else, how many got it within 24 and within 72 hours, how many are solved, the hours to the first reply (median and 90th percentile), and how many are `open`, that is asked less than 72 hours before `as_of` and still without a reply. The range is extended back to the start of its first interval; at most 1,000 points. Questions, replies and solutions by system accounts do not count.',
  query: z.strictObject({ ...communityParameters, interval: anyIntervalParameter }),
  answer,
  columns,
  cached: true,
  problems: responseTypes ? [] : ['not-found'],
  examples: { 'A quarter by month': { query: { period: '2026-Q4', interval: 'month' } } },
  async handle(call) {
    if (responseTypes === undefined)
      return notFound(
        'Cannot find responses: the definitions of this site name no types for questions and answers',
      )
    const { now, query } = call
    const moment = momentOf(query.as_of, now)
    if (isFailure(moment)) return moment
    const range = communityRange(query, moment)
    if (isFailure(range)) return range
    const { locale, product, group, interval, time_zone } = query
    const question = { locale, product, group, bounds: range.bounds, ...moment }
    const found = await readColumns(call, async (log, request) => log.responses(request, question))
    if (isFailure(found)) return found
    const points = range.intervals.flatMap((each, index) => {
      const times = found.answer[index]
      return times ? [toPoint(each, times)] : []
    })
    const window = formatWindow({ period: range.window }, moment)
    const as_of = formatInstant(moment.asOf)
    return {
      body: { interval, time_zone, window, as_of, position: found.position, points },
      table: () => points.map((one) => columns.map((column) => one[column])),
      freshness: freshnessOf(moment),
      ageSeconds: found.ageSeconds,
      holds: forASecond(now),
    }
  },
})
