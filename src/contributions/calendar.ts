import { dayMilliseconds, type Instant, type Window } from './instant.ts'

/** A calendar day, like "2026-03-01". */
export type Day = string & { readonly brand: 'Day' }

/** A calendar day as days since 1970-01-01. */
export type DayNumber = number

/** Parses `YYYY-MM-DD`. Returns undefined for anything else, including an impossible date. */
export const parseDay = (text: string): DayNumber | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const instant = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text) return undefined
  return instant / dayMilliseconds
}

/** Consecutive calendar days of 24 hours each, or a single day of any length. */
export interface DayPiece {
  start: Instant
  firstDay: DayNumber
  isOneDay: boolean
}

/** The part of a range that one query reads, divided into day pieces. */
export interface Stretch {
  window: Window
  pieces: DayPiece[]
}

/** The first and the last day that `YYYY-MM-DD` can represent. */
export const firstDay: DayNumber = -719_528
export const lastDay: DayNumber = 2_932_896

export const formatDay = (day: DayNumber): Day =>
  new Date(day * dayMilliseconds).toISOString().slice(0, 10) as Day

/** The possible intervals between points of a history. */
export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** The calendar intervals for volume, shortest first. */
export const volumeIntervals = [...intervals, 'quarter', 'year'] as const
export type VolumeInterval = (typeof volumeIntervals)[number]

const monthsIn = { month: 1, quarter: 3, year: 12 }

/** The first day of the interval that contains `day`. Weeks begin on Monday. */
export const intervalStart = (day: DayNumber, interval: VolumeInterval): DayNumber => {
  const date = new Date(day * dayMilliseconds)
  if (interval === 'day') return day
  if (interval === 'week') return day - ((date.getUTCDay() + 6) % 7)
  const months = monthsIn[interval]
  return date.setUTCMonth(Math.floor(date.getUTCMonth() / months) * months, 1) / dayMilliseconds
}

/** The first day of the next interval, given the first day of one. */
export const nextInterval = (start: DayNumber, interval: VolumeInterval): DayNumber => {
  if (interval === 'day') return start + 1
  if (interval === 'week') return start + 7
  const date = new Date(start * dayMilliseconds)
  return date.setUTCMonth(date.getUTCMonth() + monthsIn[interval], 1) / dayMilliseconds
}

/** The earliest first day of an interval on or after `day`. */
const firstPoint = (day: DayNumber, interval: Interval): DayNumber => {
  const start = intervalStart(day, interval)
  return start === day ? day : nextInterval(start, interval)
}

/**
 * The first days of all intervals that begin in `[from, to)`: every day, every Monday, or the first of every month.
 * Returns at most `most` + 1 of them.
 */
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

/** The number of contributions on a day. */
export interface DayCount {
  day: DayNumber
  count: number
}

/** The weekday, from Monday (0) to Sunday (6). Day 0 of the epoch was a Thursday. */
export const weekdayOf = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7

/** The highest shading level of a heat map; 0 means no contributions. */
const levels = 4

/** The shading level of a count. Logarithmic, so that one very busy day does not make all others look empty. */
export const levelOf = (count: number, most: number): number =>
  count === 0 ? 0 : Math.min(levels, 1 + Math.floor((levels * Math.log(count)) / Math.log(most + 1)))

/** Runs of active days within a range. */
export interface Streaks {
  /** The length of the run that ends on the range's last day or the day before; 0 if there is none. */
  current: number
  longest: number
}

/** The streaks in a range that ends before `to`. `days` are the active days, in order. */
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

/** A calendar year, quarter, month or week: the days in `[from, to)`. */
export interface Period {
  /** In the form that callers use: `2026`, `2026-Q3`, `2026-11` or `2026-W47`. */
  name: string
  from: DayNumber
  to: DayNumber
}

export const periodPattern = '^[0-9]{4}(?:-(?:Q[1-4]|0[1-9]|1[0-2]|W(?:0[1-9]|[1-4][0-9]|5[0-3])))?$'

const periodName = new RegExp(periodPattern)

/** The first day of a month, from January (0). */
const firstOfMonth = (year: number, month: number): DayNumber =>
  new Date(0).setUTCFullYear(year, month, 1) / dayMilliseconds

/** The Monday of a year's first week, which is the week of January 4 (ISO 8601). */
const firstMonday = (year: number): DayNumber => intervalStart(firstOfMonth(year, 0) + 3, 'week')

/** Parses the name of a period. Returns undefined for anything else, including week 53 of a year with 52 weeks. */
export const parsePeriod = (name: string): Period | undefined => {
  if (!periodName.test(name)) return undefined
  const year = Number(name.slice(0, 4))
  const part = name.slice(5)
  const number = Number(part.replace(/^[QW]/, ''))
  const beginning = (from: DayNumber, interval: VolumeInterval): Period => ({
    name,
    from,
    to: nextInterval(from, interval),
  })
  if (part === '') return beginning(firstOfMonth(year, 0), 'year')
  if (part.startsWith('Q')) return beginning(firstOfMonth(year, (number - 1) * 3), 'quarter')
  if (!part.startsWith('W')) return beginning(firstOfMonth(year, number - 1), 'month')
  const monday = firstMonday(year) + (number - 1) * 7
  return monday < firstMonday(year + 1) ? beginning(monday, 'week') : undefined
}
