import { formatDay, parseDay, type DayNumber, type VolumeInterval } from '../../contributions/calendar.ts'
import type { VolumeAnswer } from '../api/answers.ts'
import { earliestOf, type ApiAddress, type ApiQuery } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'
import type { DashboardState } from './dashboardState.ts'
import { daysOf, pointsMax } from './range.ts'

/** The contributions of the range by interval and in total. */
export interface Volume {
  as_of: string
  points: { date: string; contributions: number; complete: boolean }[]
  total: number
  /** The totals of the range's days that are over, and of as many days before it. */
  compared: { days: number; now: number; before: number }
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
 * The volume of the range, and the totals that are compared. Days are read at once, because a read is a scan of the log. A
 * week or a month can belong to two of the three parts, so these are read apart.
 */
export const volumeOf = (state: DashboardState, today: string): ApiQuery<Volume> => {
  const { from, to } = daysOf(state.range, today)
  const over = Math.max(from, Math.min(to, parseDay(today) ?? to))
  const days = over - from
  const isAtOnce = state.interval === 'day' && to - from + days <= pointsMax
  const addresses = isAtOnce
    ? [addressOf(from - days, to, 'day', state)]
    : [
        addressOf(from, to, state.interval, state),
        ...(days > 0 ? [addressOf(from - days, from, 'year', state)] : []),
        ...(days > 0 && over < to ? [addressOf(over, to, 'year', state)] : []),
      ]
  const split = (parts: Volume['points'][]) => {
    const [points = [], before = [], open = []] = parts
    if (!isAtOnce) return { points, before, open }
    const [first, firstOpen] = [formatDay(from), formatDay(over)]
    return {
      points: points.filter(({ date }) => date >= first),
      before: points.filter(({ date }) => date < first),
      open: points.filter(({ date }) => date >= firstOpen),
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
      const { points, before, open } = split(answers.map(pointsOf))
      const total = totalOf(points)
      const compared = { days, now: total - totalOf(open), before: totalOf(before) }
      return { ok: true, body: { as_of: earliestOf(answers), points, total, compared } }
    },
  }
}
