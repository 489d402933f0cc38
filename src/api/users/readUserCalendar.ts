import * as z from 'zod/mini'
import { formatDay, streaksOf, type DayCount } from '../../contributions/calendar.ts'
import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { invalidParameter, isFailure, type Result } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { aboutUser } from '../../memory/AnswerMemory.ts'
import { noFilter } from '../../contributions/selection.ts'
import type { CounterAnswer } from '../../projections/user/UserCounter.ts'
import type { CalendarQuery } from '../../projections/user/userEvents.ts'
import {
  countedDays,
  dayAt,
  dayPieces,
  dayRangeOf,
  startOfDay,
  type DayRange,
  daysParameters,
  timeZoneParameter,
} from '../days.ts'
import { atLeastParameter, typeParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './readCounter.ts'

const daysMax = 3660
const defaultDays = 365

const querySchema = z.strictObject({
  ...daysParameters,
  time_zone: timeZoneParameter,
  type: typeParameter,
  at_least: atLeastParameter,
})
type Query = z.infer<typeof querySchema>

const answer = z
  .strictObject({
    ...shape.days,
    time_zone: shape.timeZone,
    ...shape.moment,
    days: z
      .array(
        z.strictObject({
          date: described(shape.day, 'A day with contributions'),
          count: shape.positive('Contributions on that day'),
        }),
      )
      .register(documented, { description: 'Only days with contributions' }),
    total: shape.counted('Contributions in the whole range'),
    current_streak: shape.counted(
      'The length in days of the run of active days that ends on the range’s last day or the day before; 0 if there is none',
    ),
    longest_streak: shape.counted('The length in days of the longest run of active days within the range'),
  })
  .register(documented, { id: 'Calendar', description: 'The days on which a user contributed' })

/** The requested range, and a query for the part of it that can contain contributions. */
const planOf = (
  { from, to, time_zone: timeZone, type }: Query,
  now: Instant,
): Result<{ range: DayRange; calendar: CalendarQuery }> => {
  const range = dayRangeOf({ from, to }, dayAt(now, timeZone), defaultDays)
  if (isFailure(range)) return range
  const length = range.to - range.from
  if (length > daysMax)
    return invalidParameter('from', `Cannot use a range of ${length} days: use at most ${daysMax}`)
  const counted = countedDays(range, now, timeZone)
  const window = { from: startOfDay(counted.from, timeZone), to: startOfDay(counted.to, timeZone) }
  return {
    range,
    calendar: { ...noFilter, window, type, pieces: dayPieces(counted.from, counted.to, timeZone) },
  }
}

/** The active days of a range, their sum, and the streaks. */
const countedOf = (counted: DayCount[], { to }: DayRange) => {
  const { current, longest } = streaksOf(counted, to)
  return {
    days: counted.map(({ day, count }) => ({ date: formatDay(day), count })),
    total: counted.reduce((sum, { count }) => sum + count, 0),
    current_streak: current,
    longest_streak: longest,
  }
}

/** `GET /v1/users/{id}/calendar`. */
export const readUserCalendar = endpoint({
  id: 'readUserCalendar',
  tag: 'Users',
  summary: 'Get a user’s contributions by day',
  description:
    'The days with contributions in `[from, to)`, at most 3,660 days; by default the 365 days that end with today in the time zone. Streaks are runs of active days inside the range.',
  path: shape.userPath,
  query: querySchema,
  answer,
  columns: ['date', 'count'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'A month in Lisbon': {
      path: { id: 42 },
      query: { from: '2026-11-01', to: '2026-12-01', time_zone: 'Europe/Lisbon' },
    },
  },
  async handle(call) {
    const { now, query } = call
    const plan = planOf(query, now)
    if (isFailure(plan)) return plan
    const { range, calendar } = plan
    const found = await readCounter(
      call,
      async (counter, request): Promise<CounterAnswer<{ days: DayCount[] }>> =>
        counter.calendar(request, calendar),
    )
    if (isFailure(found)) return found
    const counted = countedOf(found.days, range)
    const days = { from: formatDay(range.from), to: formatDay(range.to), time_zone: query.time_zone }
    return {
      body: { ...days, as_of: formatInstant(now), position: found.position, ...counted },
      table: () => counted.days.map(({ date, count }) => [date, count]),
      freshness: 'live',
      ageSeconds: found.ageSeconds,
      holds: aboutUser(startOfDay(dayAt(now, query.time_zone) + 1, query.time_zone), found.reflects),
    }
  },
})
