import { Temporal } from 'temporal-polyfill'
import type { DayNumber } from '../contributions/calendar.ts'
import type { Instant } from '../contributions/instant.ts'
import type { DayPiece } from '../log/questions/localDay.ts'

const epochDay = Temporal.PlainDate.from('1970-01-01')

const dateOf = (day: DayNumber): Temporal.PlainDate => epochDay.add({ days: day })

const numberOf = (date: Temporal.PlainDate): DayNumber => epochDay.until(date, { largestUnit: 'day' }).days

/** Whether this is the name of an IANA time zone; an offset like "+01:00" is none. */
export const isTimeZone = (name: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    // Asked of what will use it: Intl knows names that are no time zones of IANA's.
    return Boolean(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name))
  } catch {
    return false
  }
}

/** The day that an instant falls on. */
export const dayAt = (instant: Instant, timeZone: string): DayNumber =>
  numberOf(Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate())

/** A day's first instant: its midnight, or what follows where clocks skip it. */
export const startOfDay = (day: DayNumber, timeZone: string): Instant =>
  dateOf(day).toZonedDateTime(timeZone).epochMilliseconds

/** The days in `[from, to)` on which clocks change, and the one after each. */
const unevenDays = (from: DayNumber, to: DayNumber, timeZone: string): DayNumber[] => {
  const days = new Set<DayNumber>()
  let at: Temporal.ZonedDateTime | null = dateOf(from).toZonedDateTime(timeZone)
  const end = startOfDay(to, timeZone)
  for (;;) {
    at = at.getTimeZoneTransition('next')
    if (at === null || at.epochMilliseconds >= end) break
    const day = numberOf(at.toPlainDate())
    // A change at midnight may lie between two days: both are looked at.
    for (const near of [day - 1, day, day + 1]) if (near >= from && near < to) days.add(near)
  }
  return [...days].sort((left, right) => left - right)
}

/**
 * The days in `[from, to)` as pieces: runs of days of 24 hours, and each day around a change of the clocks by
 * itself, so that a database can tell the day of an instant by arithmetic.
 */
export const dayPieces = (from: DayNumber, to: DayNumber, timeZone: string): DayPiece[] => {
  const pieces: DayPiece[] = []
  let next = from
  const run = (until: DayNumber): void => {
    if (next < until) pieces.push({ start: startOfDay(next, timeZone), firstDay: next, isOneDay: false })
    next = until
  }
  for (const day of unevenDays(from, to, timeZone)) {
    run(day)
    pieces.push({ start: startOfDay(day, timeZone), firstDay: day, isOneDay: true })
    next = day + 1
  }
  run(to)
  return pieces
}
