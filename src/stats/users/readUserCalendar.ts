import { firstDay, formatDay, lastDay, streaksOf } from '../../contributions/calendar.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { behind, invalidParameter } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { askObject } from '../../projections/stubs.ts'
import { countedDays, dayAt, dayPieces, startOfDay } from '../days.ts'
import { noSuchUser, userIdOf } from './userPath.ts'
import { readUserCalendarOperation } from './operations/readUserCalendar.ts'

const daysMax = 3660
const defaultDays = 365

/** `GET /v1/users/{id}/calendar`: on which days a user contributed, and in what streaks. */
export const readUserCalendar: HandlerOf<typeof readUserCalendarOperation> = async ({
  env,
  timing,
  now,
  params,
  query,
}) => {
  const { time_zone: timeZone, type } = query
  const today = dayAt(now, timeZone)
  const to = query.to ?? Math.max(today + 1, (query.from ?? 0) + 1)
  const from = query.from ?? to - defaultDays
  if (from >= to)
    return invalidParameter('from', 'Cannot use a range that ends before it begins: use from before to')
  if (from < firstDay || to > lastDay)
    return invalidParameter('from', 'Cannot use days outside the years 0000 to 9999')
  if (to - from > daysMax)
    return invalidParameter('from', `Cannot use a range of ${to - from} days: use at most ${daysMax}`)
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const counted = countedDays(from, to, now, timeZone)
  const window = { from: startOfDay(counted.from, timeZone), to: startOfDay(counted.to, timeZone) }
  const answer = await timing.time(
    'object',
    askObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) =>
        counter.calendar(
          { now, atLeast: query.at_least },
          { window, type, pieces: dayPieces(counted.from, counted.to, timeZone) },
        ),
    ),
  )
  if (answer.status === 'unavailable') return behind(answer.position, query.at_least)
  if (answer.status === 'unknown') return noSuchUser()
  const days = answer.days.map(({ day, count }) => ({ date: formatDay(day), count }))
  const streaks = streaksOf(answer.days, to)
  return {
    body: {
      from: formatDay(from),
      to: formatDay(to),
      time_zone: timeZone,
      as_of: formatInstant(now),
      position: answer.position,
      days,
      total: days.reduce((sum, { count }) => sum + count, 0),
      current_streak: streaks.current,
      longest_streak: streaks.longest,
    },
    table: () => days.map(({ date, count }) => [date, count]),
    freshness: 'live',
    ageSeconds: answer.ageSeconds,
  }
}
