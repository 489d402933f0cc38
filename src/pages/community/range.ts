import {
  intervalStart,
  nextInterval,
  parseDay,
  volumeIntervals,
  type DayNumber,
} from '../../contributions/calendar.ts'

/** The intervals that the page counts in, shortest first. */
export const communityIntervals = volumeIntervals.filter((interval) => interval !== 'day')
export type CommunityInterval = (typeof communityIntervals)[number]

/**
 * Which intervals a page shows: a number of them that end with the present one, or those from a first to a last day, both
 * included.
 */
export type Range = number | { from: string; last: string }

/** The numbers of intervals that the page offers. */
export const rangeChoices: Record<CommunityInterval, readonly number[]> = {
  week: [12, 26, 52],
  month: [12, 24, 36],
  quarter: [4, 8, 12],
  year: [3, 6, 12],
}

/** As many as the API gives in one answer together with as many before them, to compare with. */
export const intervalsMax = 500

/** Whole intervals in a row, and as many before them. */
export interface Span {
  /** How many. */
  count: number
  /** The first day of the first one, and the day after the last one. */
  from: DayNumber
  to: DayNumber
  /** The first day of those before. */
  before: DayNumber
  /** Whether charts also show its first intervals if those lie before any contribution. */
  isExact: boolean
}

/** The first day of the interval that lies some intervals before the one that begins on a day. */
export const intervalsBefore = (start: DayNumber, interval: CommunityInterval, count: number): DayNumber => {
  let first = start
  for (let left = count; left > 0; left -= 1) first = intervalStart(first - 1, interval)
  return first
}

const dayOf = (date: string): DayNumber => parseDay(date) ?? 0

/** How many intervals there are from the one with the first day to the one with the last; at most one more than fit. */
const countOf = (range: { from: string; last: string }, interval: CommunityInterval): number => {
  const [last, end] = [dayOf(range.last), intervalsMax + 1]
  let count = 0
  for (let day = intervalStart(dayOf(range.from), interval); day <= last && count < end; count += 1)
    day = nextInterval(day, interval)
  return count
}

/** Whether the API can give a range at an interval, and as many intervals before it. */
export const fits = (range: Range, interval: CommunityInterval): boolean =>
  typeof range === 'number' || countOf(range, interval) <= intervalsMax

/** The interval itself if the range fits it, otherwise the next longer one that it fits; undefined if none does. */
export const fittingInterval = (range: Range, interval: CommunityInterval): CommunityInterval | undefined =>
  communityIntervals.slice(communityIntervals.indexOf(interval)).find((candidate) => fits(range, candidate))

/** The intervals of a range, and as many before them. */
export const spanOf = (range: Range, interval: CommunityInterval, today: string): Span => {
  const last = intervalStart(dayOf(typeof range === 'number' ? today : range.last), interval)
  const count = typeof range === 'number' ? range : countOf(range, interval)
  const from = intervalsBefore(last, interval, count - 1)
  return {
    count,
    from,
    to: nextInterval(last, interval),
    before: intervalsBefore(from, interval, count),
    isExact: typeof range !== 'number',
  }
}
