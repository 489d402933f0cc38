import { requireDefaultLocale } from '../../configuration.ts'
import { firstDay, formatDay, lastDay, pointsBetween, type DayNumber } from '../../contributions/calendar.ts'
import { metrics, type Metric } from '../../contributions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { invalidParameter, isProblem, notFound, type Problem } from '../../http/problem.ts'
import type { QueryOf } from '../../http/openapi/operation.ts'
import type { Call, HandlerOf } from '../../http/route.ts'
import type { HistoryPart } from '../../projections/LogScans.ts'
import { countedDays, dayAt, dayPieces, skippedDays, startOfDay } from '../days.ts'
import { scanLog } from '../scanLog.ts'
import { readMetricHistoryOperation } from './operations/readMetricHistory.ts'

const pointsMax = 1000
const defaultDays = 90

/** Days of user-days that are read in one statement: it keeps D1 from the webhooks for no longer than that takes. */
const stretchDays = 366

type Query = QueryOf<typeof readMetricHistoryOperation>

/** The range and its points. */
interface Range {
  from: DayNumber
  to: DayNumber
  points: DayNumber[]
}

/** The dates of an interval in `[from, to)` but those that the zone skipped: at most `pointsMax` and a few more. */
const pointsOf = (
  from: DayNumber,
  to: DayNumber,
  { interval, time_zone: timeZone }: Query,
  today: DayNumber,
): DayNumber[] => {
  // One more than needed, because a zone may have skipped one.
  const dates = pointsBetween(from, to, interval, pointsMax + 1)
  const [first, last] = [dates[0] ?? from, dates.at(-1) ?? from]
  // Which dates will be skipped is not known before it happens.
  const skipped = first > today ? new Set() : skippedDays(first, Math.min(last, today) + 1, timeZone)
  return dates.filter((date) => !skipped.has(date))
}

const rangeOf = (query: Query, today: DayNumber): Range | Problem => {
  const { from, to } = query
  const end = to ?? Math.max(today + 1, (from ?? 0) + 1)
  const start = from ?? end - defaultDays
  if (start >= end)
    return invalidParameter('from', 'Cannot use a range that ends before it begins: use from before to')
  if (start < firstDay || end > lastDay)
    return invalidParameter('from', 'Cannot use days outside the years 0000 to 9999')
  const points = pointsOf(start, end, query, today)
  if (points.length > pointsMax) {
    return invalidParameter(
      'from',
      `Cannot give more than ${pointsMax} points: use a shorter range or a longer interval`,
    )
  }
  return { from: start, to: end, points }
}

/** Whole days, at most so many at once. */
const stretchesOf = (first: DayNumber, end: DayNumber, timeZone: string): HistoryPart['stretches'] => {
  const count = Math.max(0, Math.ceil((end - first) / stretchDays))
  return Array.from({ length: count }, (_, index) => {
    const from = first + index * stretchDays
    const to = Math.min(end, from + stretchDays)
    const window = { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) }
    return { window, pieces: dayPieces(from, to, timeZone) }
  })
}

const scan = async (
  call: Call<Query>,
  rule: Metric,
  points: readonly DayNumber[],
): Promise<{ answer: number[]; position: number } | Problem> => {
  const { time_zone: timeZone, locale, product, at_least } = call.query
  const [first, last] = [points[0] ?? 0, points.at(-1) ?? 0]
  const { from, to } = countedDays(first - rule.windowDays, last, call.now, timeZone)
  const window = { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) }
  const defaultLocale = call.env.DEFAULT_LOCALE
  const selection = { rule, window, locale, product, position: undefined, defaultLocale }
  return await scanLog(call, at_least, async (scans) => {
    const stretches = stretchesOf(from, to, timeZone)
    const part = { stretches, points: [...points], windowDays: rule.windowDays, min: rule.min }
    return scans.history(selection, part, at_least)
  })
}

/** `GET /v1/metrics/{metric}/history`: the metric at every midnight of a range. */
export const readMetricHistory: HandlerOf<typeof readMetricHistoryOperation> = async (call) => {
  const { now, params, query } = call
  const rule = metrics.find(({ metric }) => metric === params['metric'])
  if (!rule) return notFound('Cannot find this metric: /v1/metrics lists them')
  requireDefaultLocale(call.env, rule)
  const today = dayAt(now, query.time_zone)
  const range = rangeOf(query, today)
  if (isProblem(range)) return range
  const scanned = await scan(call, rule, range.points)
  if (isProblem(scanned)) return scanned
  const points = range.points.map((day, index) => ({
    date: formatDay(day),
    value: scanned.answer[index] ?? 0,
  }))
  return {
    body: {
      metric: rule.metric,
      interval: query.interval,
      time_zone: query.time_zone,
      from: formatDay(range.from),
      to: formatDay(range.to),
      as_of: formatInstant(now),
      position: scanned.position,
      points,
    },
    table: () => points.map(({ date, value }) => [date, value]),
    freshness: 'live',
  }
}
