/* The calendar by brute force: Intl says which date an instant has. */

const dayMilliseconds = 86_400_000
const quarterOfAnHour = 900_000

const formats = new Map<string, Intl.DateTimeFormat>()

const dateOf = (instant: number, timeZone: string): string => {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  return format.format(instant)
}

/**
 * The calendar day of an instant in a time zone, as `YYYY-MM-DD`: the latest date that any clock has shown by then, because
 * clocks set back across midnight show the previous date again.
 */
export const dayOf = (instant: number, timeZone: string): string =>
  timeZone === 'UTC'
    ? new Date(instant).toISOString().slice(0, 10)
    : (Array.from({ length: 9 }, (_, quarters) => dateOf(instant - quarters * quarterOfAnHour, timeZone))
        .sort()
        .at(-1) ?? '')

/** The day `days` after another; negative for before. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMilliseconds).toISOString().slice(0, 10)

/** The days in `[from, to)`. */
export const daysBetween = (from: string, to: string): string[] =>
  Array.from({ length: (Date.parse(to) - Date.parse(from)) / dayMilliseconds }, (_, index) =>
    daysAfter(from, index),
  )

const starts = new Map<string, number>()

/** The first instant with a local date or a later one: looked for in steps of a quarter of an hour, then of a millisecond. */
export const startOf = (day: string, timeZone: string): number => {
  const key = `${day} ${timeZone}`
  const known = starts.get(key)
  if (known !== undefined) return known
  let low = Date.parse(day) - dayMilliseconds
  while (dateOf(low + quarterOfAnHour, timeZone) < day) low += quarterOfAnHour
  let high = low + quarterOfAnHour
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (dateOf(middle, timeZone) < day) low = middle
    else high = middle
  }
  starts.set(key, high)
  return high
}

const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7

/** The intervals that a day is in, by name, as the first day of each. */
export const intervalsOf = (day: string): Record<'day' | 'week' | 'month' | 'quarter' | 'year', string> => {
  const [year = '', month = ''] = day.split('-')
  const firstMonth = Math.floor((Number(month) - 1) / 3) * 3 + 1
  return {
    day,
    week: daysAfter(day, -weekdayOf(day)),
    month: `${year}-${month}-01`,
    quarter: `${year}-${String(firstMonth).padStart(2, '0')}-01`,
    year: `${year}-01-01`,
  }
}

/** The names of the periods that a day is in: its year, quarter, month and ISO week, which its Thursday's year counts. */
const periodsOf = (day: string): string[] => {
  const [year = '', month = ''] = day.split('-')
  const thursday = daysAfter(day, 3 - weekdayOf(day))
  const week = 1 + daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday).length / 7
  return [
    year,
    `${year}-Q${Math.ceil(Number(month) / 3)}`,
    `${year}-${month}`,
    `${thursday.slice(0, 4)}-W${String(Math.floor(week)).padStart(2, '0')}`,
  ]
}

/** The days of a named period: those of its year and the weeks around it that are in it. Empty if there is no such period. */
export const daysOfPeriod = (name: string): string[] => {
  const year = Number(name.slice(0, 4))
  return daysBetween(`${year - 1}-12-20`, `${year + 1}-01-12`).filter((day) => periodsOf(day).includes(name))
}
