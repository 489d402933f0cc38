import {
  formatDay,
  intervals,
  parseDay,
  type DayNumber,
  type Interval,
} from '../../contributions/calendar.ts'

/** The ranges that a chart offers, in days up to today. */
export const rangeDays = { '90d': 90, '1y': 365, '3y': 1095 } as const
export type NamedRange = keyof typeof rangeDays

/** The days that a chart shows: a named range that ends today, or from a first to a last day, inclusive. */
export type Range = NamedRange | { from: string; last: string }

export const isNamedRange = (text: string): text is NamedRange => Object.hasOwn(rangeDays, text)

/** The maximum number of points in a history or a volume from the API. */
export const pointsMax = 1000

/** The minimum number of days between two points of an interval. */
const spacing = { day: 1, week: 7, month: 28 } as const

/** The days `[from, to)` of a range. */
export const daysOf = (range: Range, today: string): { from: DayNumber; to: DayNumber } => {
  if (typeof range !== 'string')
    return { from: parseDay(range.from) ?? 0, to: (parseDay(range.last) ?? 0) + 1 }
  const to = (parseDay(today) ?? 0) + 1
  return { from: to - rangeDays[range], to }
}

/** Whether the API can return a range in this interval. */
export const fits = (range: Range, interval: Interval): boolean => {
  const { from, to } = typeof range === 'string' ? { from: 0, to: rangeDays[range] } : daysOf(range, '')
  return (to - from) / spacing[interval] <= pointsMax
}

/** The shortest interval, from `interval` up, for which the range is not too long. */
export const fittingInterval = (range: Range, interval: Interval): Interval =>
  intervals.slice(intervals.indexOf(interval)).find((candidate) => fits(range, candidate)) ?? 'month'

/** The date `days` days after another. */
export const dayFrom = (date: string, days: number): string => formatDay((parseDay(date) ?? 0) + days)

/** The calendar periods that boards offer on a date, in the API's form. */
export const recentPeriods = (today: string) => {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  const quarter = Math.ceil(month / 3)
  return {
    lastMonth: month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`,
    lastQuarter: quarter === 1 ? `${year - 1}-Q4` : `${year}-Q${quarter - 1}`,
    thisYear: String(year),
    lastYear: String(year - 1),
  }
}

/** Whether a chart of this range ends today. */
export const endsToday = (range: Range, today: string): boolean =>
  daysOf(range, today).to === (parseDay(today) ?? 0) + 1
