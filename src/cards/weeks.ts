import type { DayCount, DayNumber } from '../contributions/calendar.ts'

/** How many weeks a card shows. */
export const weeksShown = 52

/** The range of days that a card's weeks cover, the last of which ends with `today`: `[from, to)`. */
export const daysOfWeeks = (today: DayNumber): { from: DayNumber; to: DayNumber } => ({
  from: today + 1 - 7 * weeksShown,
  to: today + 1,
})

/** How many of the days' contributions fell in each week, oldest first. What is dated ahead counts in the last. */
export const countWeeks = (days: readonly DayCount[], today: DayNumber): number[] => {
  const weeks = Array.from({ length: weeksShown }, () => 0)
  const { from } = daysOfWeeks(today)
  for (const { day, count } of days) {
    const week = Math.min(weeksShown - 1, Math.floor((day - from) / 7))
    weeks[week] = (weeks[week] ?? 0) + count
  }
  return weeks
}
