import { formatDay, levelOf, parseDay, weekdayOf } from '../../contributions/calendar.ts'

/** A day of a heat map: its place, and its number of contributions. */
export interface Cell {
  date: string
  count: number
  /** The column, from 0. */
  week: number
  /** The row: 0 is Monday. */
  weekday: number
  /** How dark the day is, from 0 (no contributions) to 4. */
  level: number
}

/** The days in `[from, to)` as cells of a heat map, with a column for each week and a row for each weekday. */
export const cellsOf = (
  from: string,
  to: string,
  days: readonly { date: string; count: number }[],
): Cell[] => {
  const [first, end] = [parseDay(from) ?? 0, parseDay(to) ?? 0]
  const counts = new Map(days.map(({ date, count }) => [date, count]))
  const most = Math.max(0, ...counts.values())
  return Array.from({ length: Math.max(end - first, 0) }, (_, index) => {
    const date = formatDay(first + index)
    const count = counts.get(date) ?? 0
    const place = weekdayOf(first) + index
    return {
      date,
      count,
      week: Math.floor(place / 7),
      weekday: place % 7,
      level: levelOf(count, most),
    }
  })
}

/** The column in which each month starts. */
export const monthsOf = (cells: readonly Cell[]): { date: string; week: number }[] =>
  cells.filter(({ date }) => date.endsWith('-01')).map(({ date, week }) => ({ date, week }))
