import { formatDay, type DayNumber, type VolumeInterval } from '../../contributions/calendar.ts'
import type { VolumeAnswer } from '../api/answers.ts'
import { earliestOf, type ApiAddress, type ApiQuery } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'
import type { DashboardState } from './dashboardState.ts'
import { daysOf, pointsMax } from './range.ts'

/** The contributions of the range by interval and in total, and the total of an equally long range before it. */
export interface Volume {
  as_of: string
  points: { date: string; contributions: number; complete: boolean }[]
  total: number
  before: number
}

const addressOf = (
  from: DayNumber,
  to: DayNumber,
  interval: VolumeInterval,
  { timeZone, locale, product }: DashboardState,
): ApiAddress => {
  const days = { from: formatDay(from), to: formatDay(to) }
  return {
    path: '/v1/volume',
    query: queryString({ ...days, interval, time_zone: timeZone, locale, product }),
  }
}

/** The address of the range's volume. */
export const volumeAddress = (state: DashboardState, today: string): ApiAddress => {
  const { from, to } = daysOf(state.range, today)
  return addressOf(from, to, state.interval, state)
}

const pointsOf = ({ series }: VolumeAnswer): Volume['points'] => series.flatMap(({ points }) => points)

const totalOf = (points: Volume['points']): number =>
  points.reduce((sum, { contributions }) => sum + contributions, 0)

/**
 * The volume of the range and of the time before it. Days are read at once, because a read is a scan of the log. A week or a
 * month can belong to both ranges, so these are read apart.
 */
export const volumeOf = (state: DashboardState, today: string): ApiQuery<Volume> => {
  const { from, to } = daysOf(state.range, today)
  const start = from - (to - from)
  const isAtOnce = state.interval === 'day' && to - start <= pointsMax
  const addresses = isAtOnce
    ? [addressOf(start, to, 'day', state)]
    : [addressOf(start, from, 'year', state), addressOf(from, to, state.interval, state)]
  const split = (parts: Volume['points'][]) => {
    const [before = [], now = []] = parts
    if (!isAtOnce) return { before, now }
    const first = formatDay(from)
    return {
      before: before.filter(({ date }) => date < first),
      now: before.filter(({ date }) => date >= first),
    }
  }
  return {
    key: JSON.stringify(addresses),
    isScan: true,
    load: async (fetchApi) => {
      const answers: VolumeAnswer[] = []
      for (const result of await Promise.all(
        addresses.map(async ({ path, query }) => fetchApi<VolumeAnswer>(path + query)),
      )) {
        if (!result.ok) return result
        answers.push(result.body)
      }
      const { before, now } = split(answers.map(pointsOf))
      const totals = { total: totalOf(now), before: totalOf(before) }
      return { ok: true, body: { as_of: earliestOf(answers), points: now, ...totals } }
    },
  }
}
