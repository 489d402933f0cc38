import { Temporal } from 'temporal-polyfill'
import type { DayNumber } from '../contributions/calendar.ts'
import {
  aheadMilliseconds,
  clocksDifferMilliseconds,
  firstOccurredAt,
  type Instant,
} from '../contributions/instant.ts'
import type { DayPiece } from '../log/questions/localDay.ts'

const epochDay = Temporal.PlainDate.from('1970-01-01')

const dateOf = (day: DayNumber): Temporal.PlainDate => epochDay.add({ days: day })

const numberOf = (date: Temporal.PlainDate): DayNumber => epochDay.until(date, { largestUnit: 'day' }).days

/** The longest name of IANA's has half as many characters. */
const nameMax = 64

/** Whether this is the name of an IANA time zone, as IANA writes it; an offset like "+01:00" is none. */
export const isTimeZone = (name: string): boolean => {
  if (name.length > nameMax || !/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    // Temporal decides because Intl knows names that are no time zones of IANA's. It takes "europe/BERLIN" too, which
    // would give the same answer under thousands of addresses.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name
  } catch {
    return false
  }
}

/** A day's first instant: the first with that local date or a later one. Where a zone skipped the date, the next day's. */
export const startOfDay = (day: DayNumber, timeZone: string): Instant =>
  dateOf(day).toZonedDateTime(timeZone).epochMilliseconds

/** The day that an instant falls on: the latest that has begun. */
export const dayAt = (instant: Instant, timeZone: string): DayNumber => {
  const day = numberOf(
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate(),
  )
  // Clocks that are put back across midnight show the date before once more, on a day that has begun.
  return instant < startOfDay(day + 1, timeZone) ? day : day + 1
}

/**
 * The days in `[from, to)` on which something can have been contributed by now: only these are scanned. None of them
 * if `to` is not after `from`.
 */
export const countedDays = (
  from: DayNumber,
  to: DayNumber,
  now: Instant,
  timeZone: string,
): { from: DayNumber; to: DayNumber } => ({
  from: Math.max(from, dayAt(firstOccurredAt, timeZone)),
  to: Math.min(to, dayAt(now + aheadMilliseconds + clocksDifferMilliseconds, timeZone) + 1),
})

/** The changes of a zone's clocks in the days of `[from, to)`. */
const changesBetween = (from: DayNumber, to: DayNumber, timeZone: string): Temporal.ZonedDateTime[] => {
  const changes: Temporal.ZonedDateTime[] = []
  const end = startOfDay(to, timeZone)
  // From just before: the first instant of the range may be a change itself, and only later ones are found.
  let at: Temporal.ZonedDateTime | null = dateOf(from).toZonedDateTime(timeZone).subtract({ milliseconds: 1 })
  for (;;) {
    at = at.getTimeZoneTransition('next')
    if (at === null || at.epochMilliseconds >= end) return changes
    changes.push(at)
  }
}

/** The days in `[from, to)` on which clocks change, and those beside them. */
const unevenDays = (from: DayNumber, to: DayNumber, timeZone: string): DayNumber[] => {
  const days = changesBetween(from, to, timeZone).flatMap((change) => {
    const day = numberOf(change.toPlainDate())
    // A change at midnight may lie between two days: both are looked at.
    return [day - 1, day, day + 1].filter((near) => near >= from && near < to)
  })
  return [...new Set(days)].sort((left, right) => left - right)
}

/** The dates in `[from, to)` that a zone skipped, as Samoa did 2011-12-30: days that end when they begin. */
export const skippedDays = (from: DayNumber, to: DayNumber, timeZone: string): Set<DayNumber> => {
  const skipped = new Set<DayNumber>()
  for (const change of changesBetween(from, to, timeZone)) {
    const next = numberOf(change.toPlainDate())
    const last = numberOf(change.subtract({ milliseconds: 1 }).toPlainDate())
    for (let day = last + 1; day < next; day += 1) skipped.add(day)
  }
  return skipped
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
