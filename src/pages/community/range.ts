import {
  intervalStart,
  nextInterval,
  parseDay,
  volumeIntervals,
  type DayNumber,
} from '../../contributions/calendar.ts'
import type { LogStart } from '../api/logStart.ts'

/** The intervals that the page offers, shortest first. */
export const communityIntervals = volumeIntervals.filter((interval) => interval !== 'day')
export type CommunityInterval = (typeof communityIntervals)[number]

/**
 * The intervals that the page shows: a number of them up to and including the current one, or those from a first to a
 * last day, inclusive.
 */
export type Range = number | { from: string; last: string }

/** The numbers of intervals that the page offers. */
export const rangeChoices: Record<CommunityInterval, readonly number[]> = {
  week: [12, 26, 52],
  month: [12, 24, 36],
  quarter: [4, 8, 12],
  year: [3, 6, 12],
}

/** The maximum number of intervals. The API can return as many before them in the same answer, for comparison. */
export const intervalsMax = 500

/** Consecutive whole intervals, and as many before them. */
export interface Span {
  /** The number of intervals. */
  count: number
  /** The first day of the first interval, and the day after the last one. */
  from: DayNumber
  to: DayNumber
  /** The first day of the intervals before. */
  before: DayNumber
  /** Whether charts show the first intervals even if they lie before any contribution. */
  isExact: boolean
  /** Where the log begins; undefined if it is empty, or if that is unknown. */
  start: LogStart | undefined
}

/** The first day of the interval that is `count` intervals before the one that begins on `start`. */
const intervalsBefore = (start: DayNumber, interval: CommunityInterval, count: number): DayNumber => {
  let first = start
  for (let left = count; left > 0; left -= 1) first = intervalStart(first - 1, interval)
  return first
}

const dayOf = (date: string): DayNumber => parseDay(date) ?? 0

/** The number of intervals from that of the first day to that of the last; at most `intervalsMax` + 1. */
const countOf = (range: { from: string; last: string }, interval: CommunityInterval): number => {
  const [last, end] = [dayOf(range.last), intervalsMax + 1]
  let count = 0
  for (let day = intervalStart(dayOf(range.from), interval); day <= last && count < end; count += 1)
    day = nextInterval(day, interval)
  return count
}

/** Whether the API can return a range in this interval, with as many intervals before it. */
export const fits = (range: Range, interval: CommunityInterval): boolean =>
  typeof range === 'number' || countOf(range, interval) <= intervalsMax

/** The shortest interval, from `interval` up, for which the range is not too long; undefined if there is none. */
export const fittingInterval = (range: Range, interval: CommunityInterval): CommunityInterval | undefined =>
  communityIntervals.slice(communityIntervals.indexOf(interval)).find((candidate) => fits(range, candidate))

/** The intervals of a range, and as many before them. */
export const spanOf = (
  range: Range,
  interval: CommunityInterval,
  today: string,
  start: LogStart | undefined,
): Span => {
  const last = intervalStart(dayOf(typeof range === 'number' ? today : range.last), interval)
  const count = typeof range === 'number' ? range : countOf(range, interval)
  const from = intervalsBefore(last, interval, count - 1)
  return {
    count,
    from,
    to: nextInterval(last, interval),
    before: intervalsBefore(from, interval, count),
    isExact: typeof range !== 'number',
    start,
  }
}
