import {
  firstDay,
  intervalStart,
  lastDay,
  nextInterval,
  type DayNumber,
  type VolumeInterval,
  type Stretch,
} from '../contributions/calendar.ts'
import type { Instant, Window } from '../contributions/instant.ts'
import { invalidParameter, type Result } from '../failure.ts'
import { dayAt, dayPieces, startOfDay, stretchDays } from './days.ts'

/** The maximum number of intervals in an answer. */
export const pointsMax = 1000

/** A whole calendar interval: its first day, and its bounds. */
export interface CalendarInterval extends Window {
  first: DayNumber
}

/** The intervals that overlap a range, except those that the zone skipped entirely. */
export const intervalsIn = (
  { from, to }: Window,
  interval: VolumeInterval,
  timeZone: string,
): Result<CalendarInterval[]> => {
  const found: CalendarInterval[] = []
  if (from >= to) return found
  let first = intervalStart(dayAt(from, timeZone), interval)
  if (first < firstDay || dayAt(to - 1, timeZone) > lastDay)
    return invalidParameter('from', 'Cannot use intervals outside the years 0000 to 9999')
  for (let start = startOfDay(first, timeZone); start < to;) {
    const next = nextInterval(first, interval)
    const end = startOfDay(next, timeZone)
    if (start < end) found.push({ first, from: start, to: end })
    if (found.length > pointsMax)
      return invalidParameter(
        'interval',
        `Cannot give more than ${pointsMax} points: use a longer interval or a shorter range`,
      )
    first = next
    start = end
  }
  return found
}

/** The end index of the intervals from `start` that one statement reads: about a year, and at least one interval. */
const runEnd = (intervals: readonly CalendarInterval[], start: number): number => {
  const last = (intervals[start]?.first ?? 0) + stretchDays
  const end = intervals.findIndex(({ first }, index) => index > start && first >= last)
  return end === -1 ? intervals.length : end
}

const piecesOf = (
  intervals: readonly CalendarInterval[],
  interval: VolumeInterval,
  timeZone: string,
): Stretch['pieces'] => {
  const [first, last] = [intervals[0]?.first ?? 0, intervals.at(-1)?.first ?? 0]
  return interval === 'day'
    ? dayPieces(first, last + 1, timeZone)
    : intervals.map(({ first: firstOfInterval, from }) => ({
        start: from,
        firstDay: firstOfInterval,
        isOneDay: true,
      }))
}

/** Groups whole intervals into stretches, and cuts them off at the window. */
export const stretchesIn = (
  intervals: readonly CalendarInterval[],
  window: Window,
  interval: VolumeInterval,
  timeZone: string,
): Stretch[] => {
  const counted = intervals.filter(({ from, to }) => from < window.to && to > window.from)
  const stretches: Stretch[] = []
  for (let start = 0; start < counted.length;) {
    const end = runEnd(counted, start)
    const run = counted.slice(start, end)
    const [from, to]: [Instant, Instant] = [run[0]?.from ?? 0, run.at(-1)?.to ?? 0]
    stretches.push({
      window: { from: Math.max(from, window.from), to: Math.min(to, window.to) },
      pieces: piecesOf(run, interval, timeZone),
    })
    start = end
  }
  return stretches
}
