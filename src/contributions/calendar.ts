import type { Instant } from './instant.ts'
import type { Window } from './window.ts'

/** A calendar day, like "2026-03-01". */
export type Day = string & { readonly brand: 'Day' }

/** A calendar day as days since 1970-01-01. */
export type DayNumber = number

const dayMilliseconds = 86_400_000

/** Reads `YYYY-MM-DD`; undefined for anything else, including an impossible date. */
export const parseDay = (text: string): DayNumber | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const instant = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text) return undefined
  return instant / dayMilliseconds
}

/** A run of calendar days of 24 hours each, or one day of any length. */
export interface DayPiece {
  start: Instant
  firstDay: DayNumber
  isOneDay: boolean
}

/** A part of a range that one query reads, and the days in it. */
export interface Stretch {
  window: Window
  pieces: DayPiece[]
}

/** The first and the last day that `YYYY-MM-DD` can write. */
export const firstDay: DayNumber = -719_528
export const lastDay: DayNumber = 2_932_896

export const formatDay = (day: DayNumber): Day =>
  new Date(day * dayMilliseconds).toISOString().slice(0, 10) as Day

/** The possible distances between two points of a history. */
export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** The intervals of the calendar that volume is counted in, shortest first. */
export const volumeIntervals = [...intervals, 'quarter', 'year'] as const
export type VolumeInterval = (typeof volumeIntervals)[number]

const monthsIn = { month: 1, quarter: 3, year: 12 }

/** The first day of the interval that a day is in. Weeks begin on Monday. */
export const intervalStart = (day: DayNumber, interval: VolumeInterval): DayNumber => {
  const date = new Date(day * dayMilliseconds)
  if (interval === 'day') return day
  if (interval === 'week') return day - ((date.getUTCDay() + 6) % 7)
  const months = monthsIn[interval]
  return date.setUTCMonth(Math.floor(date.getUTCMonth() / months) * months, 1) / dayMilliseconds
}

/** The first day of the interval after the one that begins on a day. */
export const nextInterval = (start: DayNumber, interval: VolumeInterval): DayNumber => {
  if (interval === 'day') return start + 1
  if (interval === 'week') return start + 7
  const date = new Date(start * dayMilliseconds)
  return date.setUTCMonth(date.getUTCMonth() + monthsIn[interval], 1) / dayMilliseconds
}

/** The first day of an interval on or after a day. */
const firstPoint = (day: DayNumber, interval: Interval): DayNumber => {
  const start = intervalStart(day, interval)
  return start === day ? day : nextInterval(start, interval)
}

/** The first days of the intervals that begin in `[from, to)`: every day, the Mondays, the 1sts. Stops after `most` + 1. */
export const pointsBetween = (
  from: DayNumber,
  to: DayNumber,
  interval: Interval,
  most: number,
): DayNumber[] => {
  const points: DayNumber[] = []
  for (
    let day = firstPoint(from, interval);
    day < to && points.length <= most;
    day = nextInterval(day, interval)
  ) {
    points.push(day)
  }
  return points
}

/** How many contributions a day has. */
export interface DayCount {
  day: DayNumber
  count: number
}

/** The weekday, from Monday (0) to Sunday (6). Day 0 of the epoch was a Thursday. */
export const weekdayOf = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7

/** How dark a heat map shows a count, from 0 (none) to this. */
const levels = 4

/** Logarithmic, so that one very busy day does not make all others look empty. */
export const levelOf = (count: number, most: number): number =>
  count === 0 ? 0 : Math.min(levels, 1 + Math.floor((levels * Math.log(count)) / Math.log(most + 1)))

/** Runs of active days within a range. */
export interface Streaks {
  /** The run that ends on the range's last day or the day before; 0 if none does. */
  current: number
  longest: number
}

/** The streaks of active days, given in order, in a range that ends before `to`. */
export const streaksOf = (days: readonly DayCount[], to: DayNumber): Streaks => {
  let longest = 0
  let run = 0
  let last = -Infinity
  for (const { day } of days) {
    run = day === last + 1 ? run + 1 : 1
    last = day
    longest = Math.max(longest, run)
  }
  return { current: last >= to - 2 ? run : 0, longest }
}
