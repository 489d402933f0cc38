import * as z from 'zod/mini'
import { formatDay } from '../../contributions/calendar.ts'
import { shareOf, type Cohort } from '../../contributions/community/activity.ts'
import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { invalidParameter, isFailure } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { formatWindow, freshnessOf, momentOf } from '../moment.ts'
import * as shape from '../shapes.ts'
import type { CalendarInterval } from '../intervals.ts'
import { activityIntervals, communityRange, readColumns } from './range.ts'
import { activityParameters, activityQuestion, share } from './readCommunity.ts'

/** The maximum number of intervals. An answer has a number for each pair of them. */
const intervalsMax = 60

const retained = z.strictObject({
  date: shape.date,
  active: shape.counted('People of the cohort who were active in this interval'),
  share: share('The share of the cohort that they are', '`size` is 0'),
  complete: shape.complete,
})

const answer = z
  .strictObject({
    rule: shape.metricPath.shape.metric,
    interval: shape.interval(activityIntervals),
    time_zone: shape.timeZone,
    window: shape.window,
    ...shape.moment,
    cohorts: z
      .array(
        z.strictObject({
          date: described(shape.day, 'The first day of the interval in which these people came'),
          size: shape.counted('People whose first contribution is in the interval'),
          retention: described(
            z.array(retained).check(z.maxLength(intervalsMax)),
            'For this interval and each later one of the range: how many of the cohort were active in it',
          ),
        }),
      )
      .check(z.maxLength(intervalsMax))
      .register(documented, { description: 'One for each interval, oldest first' }),
  })
  .register(documented, {
    id: 'Cohorts',
    description: 'How many people stayed, by the interval in which they came',
  })

type ShownCohort = z.infer<typeof answer>['cohorts'][number]

const toCohort = (
  { size, active }: Cohort,
  intervals: readonly CalendarInterval[],
  asOf: Instant,
): ShownCohort => ({
  date: formatDay(intervals[0]?.first ?? 0),
  size,
  retention: intervals.map(({ first, to }, index) => ({
    date: formatDay(first),
    active: active[index] ?? 0,
    share: shareOf(active[index] ?? 0, size),
    complete: to <= asOf,
  })),
})

/** `GET /v1/community/cohorts`. */
export const readCohorts = endpoint({
  id: 'readCohorts',
  tag: 'Community',
  summary: 'Get retention by cohort',
  description: `One cohort for each interval that the range touches, by default the 12 weeks that end with the current one: the people who made their first contribution of all time in that interval, and how many of them were active in it and in each later interval of the range. The range is extended back to the start of its first interval; at most ${intervalsMax} intervals. System accounts do not count.`,
  query: z.strictObject(activityParameters),
  answer,
  columns: ['cohort', 'size', 'date', 'active', 'share', 'complete'],
  cached: true,
  examples: { 'A quarter by month': { query: { period: '2026-Q4', interval: 'month' } } },
  async handle(call) {
    const { now, query } = call
    const moment = momentOf(query.as_of, now)
    if (isFailure(moment)) return moment
    const range = communityRange(query, moment)
    if (isFailure(range)) return range
    if (range.intervals.length > intervalsMax)
      return invalidParameter(
        'interval',
        `Cannot give more than ${intervalsMax} cohorts: use a longer interval or a shorter range`,
      )
    const question = activityQuestion(call, range.bounds)
    const found = await readColumns(call, async (log, request) => log.cohorts(request, question))
    if (isFailure(found)) return found
    const cohorts = found.answer.map((cohort, index) =>
      toCohort(cohort, range.intervals.slice(index), moment.asOf),
    )
    const { rule, interval, time_zone } = query
    const window = formatWindow({ period: range.window }, moment)
    const as_of = formatInstant(moment.asOf)
    return {
      body: { rule, interval, time_zone, window, as_of, position: found.position, cohorts },
      table: () =>
        cohorts.flatMap(({ date: cohort, size, retention }) =>
          retention.map(({ date, active, share: part, complete }) => [
            cohort,
            size,
            date,
            active,
            part,
            complete,
          ]),
        ),
      freshness: freshnessOf(moment),
      ageSeconds: found.ageSeconds,
      holds: forASecond(now),
    }
  },
})
