import * as z from 'zod/mini'
import {
  intervalStart,
  nextInterval,
  volumeIntervals,
  type VolumeInterval,
} from '../../contributions/calendar.ts'
import { type Instant, windowOf, type Window } from '../../contributions/instant.ts'
import { isFailure, type Result } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import type { Call } from '../../http/endpoint.ts'
import { checkRateLimit } from '../../http/rateLimit.ts'
import type { Computed, LogColumns } from '../../projections/columns/LogColumns.ts'
import type { ReadRequest } from '../../projections/LogFollower.ts'
import { callObject, logColumnsOf } from '../../projections/objects.ts'
import { dayAt, startOfDay } from '../days.ts'
import { type Moment, asOfParameter } from '../moment.ts'
import { atLeastParameter, groupParameter, localeParameter, productParameter } from '../parameters.ts'
import { periodParameters, rangeOf, type PeriodQuery } from '../periods.ts'
import { intervalsIn, type CalendarInterval } from '../intervals.ts'

/** The default number of intervals in a range. */
const defaultIntervals = 12

/** The intervals in which people's activity is compared: weeks and longer. */
export const activityIntervals = volumeIntervals.filter((interval) => interval !== 'day')

const intervalDocumentation = { description: 'The length of each interval; weeks begin on Monday' }

/** An interval in which people's activity is compared. */
export const activityIntervalParameter = z
  .prefault(z.enum(activityIntervals, { error: `use one of ${activityIntervals.join(', ')}` }), 'week')
  .register(documented, intervalDocumentation)

/** An interval of any length. */
export const anyIntervalParameter = z
  .prefault(z.enum(volumeIntervals, { error: `use one of ${volumeIntervals.join(', ')}` }), 'week')
  .register(documented, intervalDocumentation)

/** The parameters common to all endpoints about the community. */
export const communityParameters = {
  ...periodParameters,
  locale: localeParameter,
  product: productParameter,
  group: groupParameter,
  as_of: asOfParameter,
  at_least: atLeastParameter,
}

type RangeQuery = PeriodQuery & { interval: VolumeInterval }

/**
 * The start of the interval that contains an instant, or of the interval `distance` intervals after (or, if negative,
 * before) it.
 */
const startOfInterval = (
  instant: Instant,
  { interval, time_zone: timeZone }: RangeQuery,
  distance = 0,
): Instant => {
  let first = intervalStart(dayAt(instant, timeZone), interval)
  for (let left = distance; left < 0; left += 1) first = intervalStart(first - 1, interval)
  for (let left = distance; left > 0; left -= 1) first = nextInterval(first, interval)
  return startOfDay(first, timeZone)
}

/** The range that a query selects; by default, the 12 intervals up to and including that of `asOf`. */
const namedRange = (query: RangeQuery, moment: Moment): Result<Window> => {
  const current = { name: 'the current interval', end: startOfInterval(moment.asOf, query, 1) }
  return rangeOf(query, moment, current, (end) => startOfInterval(end - 1, query, 1 - defaultIntervals))
}

/** The range of an answer, and its intervals. */
export interface CommunityRange {
  window: Window
  intervals: CalendarInterval[]
  /** The starts of the intervals, and the end of the last one; empty if there are no intervals. */
  bounds: Instant[]
  /** The start of the interval before the first. */
  before: Instant
}

/** The range that a query selects, extended backwards to the start of an interval, and cut off at `as_of`. */
export const communityRange = (query: RangeQuery, moment: Moment): Result<CommunityRange> => {
  const named = namedRange(query, moment)
  if (isFailure(named)) return named
  const { from, to } = named
  const widened = { from: from < to ? startOfInterval(from, query) : from, to }
  const window = windowOf({ period: widened }, moment.asOf, moment.live)
  const intervals = intervalsIn(window, query.interval, query.time_zone)
  if (isFailure(intervals)) return intervals
  return {
    window: widened,
    intervals,
    bounds: intervals.length === 0 ? [] : [...intervals.map((each) => each.from), window.to],
    before: startOfInterval(window.from, query, -1),
  }
}

/** Computes an answer from the log's columns. That costs as much as a scan, so it counts against the same rate limit. */
export const readColumns = async <Answer>(
  call: Call<{ at_least: number }>,
  read: (columns: DurableObjectStub<LogColumns>, request: ReadRequest) => Promise<Result<Computed<Answer>>>,
): Promise<Result<Computed<Answer>>> => {
  const tooMany = await checkRateLimit('scans', call)
  if (isFailure(tooMany)) return tooMany
  const request = { now: call.now, atLeast: call.query.at_least }
  return await call.timing.time(
    'object',
    callObject(
      () => logColumnsOf(call.env),
      async (columns) => read(columns, request),
    ),
  )
}
