import { dayMilliseconds } from './instant.ts'
import type { DayNumber } from './calendar.ts'

/** A calendar year, quarter, month or week: the days in `[from, to)`. */
export interface Period {
  /** In the form that callers use: `2026`, `2026-Q3`, `2026-11` or `2026-W47`. */
  name: string
  from: DayNumber
  to: DayNumber
}

export const periodPattern = '^[0-9]{4}(?:-(?:Q[1-4]|0[1-9]|1[0-2]|W(?:0[1-9]|[1-4][0-9]|5[0-3])))?$'

const written = new RegExp(periodPattern)

/** The first day of a month, numbered from 0. Months above 11 are in later years. */
const firstOfMonth = (year: number, month: number): DayNumber =>
  new Date(0).setUTCFullYear(year, month, 1) / dayMilliseconds

const monthsOf = (year: number, month: number, months: number): Pick<Period, 'from' | 'to'> => ({
  from: firstOfMonth(year, month),
  to: firstOfMonth(year, month + months),
})

/** The Monday of a year's first week, which is the week of January 4 (ISO 8601). */
const firstMonday = (year: number): DayNumber => {
  const fourth = firstOfMonth(year, 0) + 3
  return fourth - ((new Date(fourth * dayMilliseconds).getUTCDay() + 6) % 7)
}

/** Parses the name of a period. Returns undefined for anything else, including week 53 of a year with 52 weeks. */
export const parsePeriod = (name: string): Period | undefined => {
  if (!written.test(name)) return undefined
  const year = Number(name.slice(0, 4))
  const part = name.slice(5)
  if (part === '') return { name, ...monthsOf(year, 0, 12) }
  const number = Number(part.replace(/^[QW]/, ''))
  if (part.startsWith('Q')) return { name, ...monthsOf(year, (number - 1) * 3, 3) }
  if (!part.startsWith('W')) return { name, ...monthsOf(year, number - 1, 1) }
  const from = firstMonday(year) + (number - 1) * 7
  return from < firstMonday(year + 1) ? { name, from, to: from + 7 } : undefined
}
