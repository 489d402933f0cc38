import * as z from 'zod/mini'
import { formatDay, volumeIntervals } from '../../contributions/calendar.ts'
import { formatInstant, windowOf, type Window } from '../../contributions/instant.ts'
import { namesWithMost } from '../../projections/scans/countVolume.ts'
import { contributionTypes } from '../../definitions/definitions.ts'
import { isFailure, type Result } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import { volumeGroups, type VolumeCell } from '../../log/queries/volume.ts'
import { dayAt, daysBefore, startOfDay } from '../days.ts'
import { countedWindow } from '../measures.ts'
import { formatWindow, freshnessOf, momentOf, type Moment, asOfParameter } from '../moment.ts'
import {
  atLeastParameter,
  groupParameter,
  localeParameter,
  productParameter,
  typeParameter,
} from '../parameters.ts'
import { periodParameters, rangeOf } from '../periods.ts'
import { scanLog, selectionOf } from '../scanLog.ts'
import * as shape from '../shapes.ts'
import { intervalsIn, pointsMax, stretchesIn, type CalendarInterval } from '../intervals.ts'

const defaultDays = 90

/** The number of values that get their own series. */
const namesMax = 50

/** The name of the series for all other values. */
const otherNames = '…'

const querySchema = z.strictObject({
  ...periodParameters,
  interval: z
    .prefault(z.enum(volumeIntervals, { error: `use one of ${volumeIntervals.join(', ')}` }), 'day')
    .register(documented, { description: 'The length of each interval; weeks begin on Monday' }),
  group_by: z
    .optional(z.enum(volumeGroups, { error: `use one of ${volumeGroups.join(', ')}` }))
    .register(documented, {
      description: `One series for each value, at most ${namesMax}; all other values share one series, whose name is \`${otherNames}\``,
    }),
  type: typeParameter,
  locale: localeParameter,
  product: productParameter,
  group: groupParameter,
  as_of: asOfParameter,
  at_least: atLeastParameter,
})
type Query = z.infer<typeof querySchema>

const point = z.strictObject({
  date: described(shape.day, 'The first day of the interval, even if the range begins later'),
  contributions: shape.counted('Contributions in the interval'),
  contributors: shape.counted('People who made them'),
  complete: shape.complete,
})

const answer = z
  .strictObject({
    interval: shape.interval(volumeIntervals),
    time_zone: shape.timeZone,
    window: shape.window,
    ...shape.moment,
    series: z
      .array(
        z.strictObject({
          name: z.nullable(z.string()).register(documented, { description: 'null without `group_by`' }),
          points: shape.points(point, pointsMax),
        }),
      )
      .check(z.maxLength(namesMax + 1))
      .register(documented, { description: 'One for each value of `group_by`; a single one without it' }),
  })
  .register(documented, { id: 'Volume', description: 'How much was contributed, by interval' })

/** The range that a query selects; by default, the 90 days up to and including the day of `asOf`. */
const volumeRange = (query: Query, moment: Moment): Result<Window> => {
  const { time_zone: timeZone } = query
  const current = { name: 'today', end: startOfDay(dayAt(moment.asOf, timeZone) + 1, timeZone) }
  return rangeOf(query, moment, current, (end) => daysBefore(end, defaultDays, timeZone))
}

interface Series {
  name: string | null
  points: z.infer<typeof point>[]
}

/** Arranges cells in series, with a point for every interval, including those without contributions. */
const seriesOf = (
  cells: readonly VolumeCell[],
  isGrouped: boolean,
  dates: readonly CalendarInterval[],
  { asOf }: Moment,
): Series[] => {
  const byName = Map.groupBy(cells, ({ name }) => (isGrouped ? (name ?? otherNames) : null))
  const toSeries = (name: string | null): Series => {
    const byDay = new Map((byName.get(name) ?? []).map((cell) => [cell.day, cell]))
    const points = dates.map(({ first, to }) => {
      const { contributions = 0, contributors = 0 } = byDay.get(first) ?? {}
      return { date: formatDay(first), contributions, contributors, complete: to <= asOf }
    })
    return { name, points }
  }
  if (!isGrouped) return [toSeries(null)]
  const volumes = new Map<string, number>()
  for (const { name, contributions } of cells)
    if (name !== null) volumes.set(name, (volumes.get(name) ?? 0) + contributions)
  const others = byName.has(otherNames) ? [otherNames] : []
  return [...namesWithMost(volumes, namesMax), ...others].map(toSeries)
}

const toRows = ({ name, points }: Series) =>
  points.map((one) => [one.date, name, one.contributions, one.contributors, one.complete])

const readSeries = async (
  call: Call<Query>,
  window: Window,
  moment: Moment,
): Promise<Result<{ series: Series[]; position: number }>> => {
  const { interval, group_by: groupBy, type, time_zone: timeZone, at_least: atLeast } = call.query
  const dates = intervalsIn(window, interval, timeZone)
  if (isFailure(dates)) return dates
  const stretches = stretchesIn(dates, countedWindow(window, call.now), interval, timeZone)
  const types = type === undefined ? [...contributionTypes] : [type]
  const selection = selectionOf(call, { types, countsSelf: true, locale: 'any' }, window)
  const found = await scanLog(call, async (scans) =>
    scans.volume(selection, { stretches, groupBy, namesMax }, atLeast),
  )
  if (isFailure(found)) return found
  return {
    series: seriesOf(found.answer, groupBy !== undefined, dates, moment),
    position: found.position,
  }
}

/** `GET /v1/volume`. */
export const readVolume = endpoint({
  id: 'readVolume',
  tag: 'Volume',
  summary: 'Get the volume of contributions over time',
  description:
    'For each interval that the range touches, how many contributions stand and how many people made them. By default, one point per day for the 90 days that end with today; at most 1,000 points. The range may cut the first and the last interval short. With `group_by`, one series for each value, most contributions first. System accounts do not count.',
  query: querySchema,
  answer,
  columns: ['date', 'name', 'contributions', 'contributors', 'complete'],
  cached: true,
  examples: {
    'A quarter by month and type': {
      query: { period: '2026-Q4', interval: 'month', group_by: 'type' },
    },
  },
  async handle(call) {
    const { now, query } = call
    const moment = momentOf(query.as_of, now)
    if (isFailure(moment)) return moment
    const range = volumeRange(query, moment)
    if (isFailure(range)) return range
    const found = await readSeries(call, windowOf({ period: range }, moment.asOf, moment.live), moment)
    if (isFailure(found)) return found
    const { series, position } = found
    const { interval, time_zone } = query
    const window = formatWindow({ period: range }, moment)
    return {
      body: { interval, time_zone, window, as_of: formatInstant(moment.asOf), position, series },
      table: () => series.flatMap(toRows),
      freshness: freshnessOf(moment),
      holds: forASecond(now),
    }
  },
})
