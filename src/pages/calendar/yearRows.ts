import { formatDay, levelOf, nextInterval, parseDay } from '../../contributions/calendar.ts'

/** A year of a user's contributions, compared with the previous year. */
export interface YearRow {
  year: number
  /**
   * The months with their counts and shading levels, from 0 (no contributions) to 4, by the rule of the calendar's days:
   * they have one legend.
   */
  months: { month: string; count: number; level: number }[]
  total: number
  activeDays: number
  /**
   * The total minus that of the previous year. For the current year, both are counted up to today's date. Undefined for
   * the first year, and if the log begins after the start of the previous year.
   */
  change: number | undefined
  /** The count that the change is relative to. */
  before: number
}

interface Day {
  date: string
  count: number
}

const sum = (days: readonly Day[]): number => days.reduce((total, { count }) => total + count, 0)

/** The same day of the previous year. February 29 becomes March 1, so that both ranges include all of February. */
const aYearBefore = (date: string): string => {
  const [year, rest] = [Number(date.slice(0, 4)) - 1, date.slice(4)]
  const day = `${String(year).padStart(4, '0')}${rest}`
  return parseDay(day) === undefined ? `${day.slice(0, 4)}-03-01` : day
}

/**
 * A row for each year, newest first. `today` is the last day that counts in the comparison of the current year, and `whole`
 * the first day that the log has all of, if it is known.
 */
export const yearRowsOf = (
  days: readonly Day[],
  { first, last }: { first: number; last: number },
  today: string,
  whole: string | undefined,
): YearRow[] => {
  const byMonth = Map.groupBy(days, ({ date }) => date.slice(0, 7))
  const byYear = Map.groupBy(days, ({ date }) => Number(date.slice(0, 4)))
  const most = Math.max(0, ...[...byMonth.values()].map(sum))
  const monthsOf = (year: number): YearRow['months'] =>
    Array.from({ length: 12 }, (_, index) => {
      const month = `${year}-${String(index + 1).padStart(2, '0')}`
      const count = sum(byMonth.get(month) ?? [])
      return { month, count, level: levelOf(count, most) }
    })
  const isCut = (year: number): boolean => whole !== undefined && `${year}-01-01` < whole
  return Array.from({ length: last + 1 - first }, (_, index) => {
    const year = last - index
    const [own, previous] = [byYear.get(year) ?? [], byYear.get(year - 1) ?? []]
    const isPresent = String(year) === today.slice(0, 4)
    const end = nextDay(today)
    const compared = isPresent ? own.filter(({ date }) => date < end) : own
    const before = sum(isPresent ? previous.filter(({ date }) => date < aYearBefore(end)) : previous)
    return {
      year,
      months: monthsOf(year),
      total: sum(own),
      activeDays: own.length,
      change: year === first || isCut(year - 1) ? undefined : sum(compared) - before,
      before,
    }
  })
}

const nextDay = (date: string): string => formatDay(nextInterval(parseDay(date) ?? 0, 'day'))
