import * as z from 'zod/mini'
import { documented } from '../http/documented.ts'
import { Temporal } from 'temporal-polyfill'
import {
  firstDay,
  lastDay,
  parseDay,
  type DayNumber,
  type DayPiece,
  type Stretch,
} from '../contributions/calendar.ts'
import { firstOccurredAt, type Instant } from '../contributions/instant.ts'
import { invalidParameter, type Result } from '../failure.ts'

const epochDay = Temporal.PlainDate.from('1970-01-01')

const dateOf = (day: DayNumber): Temporal.PlainDate => epochDay.add({ days: day })

const numberOf = (date: Temporal.PlainDate): DayNumber => epochDay.until(date, { largestUnit: 'day' }).days

/** The maximum length of a time zone name: twice that of the longest IANA name. */
const nameMax = 64

/** Whether this is the name of an IANA time zone, in IANA's spelling. An offset like "+01:00" is not. */
const isTimeZone = (name: string): boolean => {
  if (name.length > nameMax || !/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    // Temporal rather than Intl, which also accepts names that are not IANA's. Temporal ignores case, so the spelling
    // is compared: otherwise one answer would have thousands of addresses.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name
  } catch {
    return false
  }
}

export const timeZoneParameter = z._default(
  z
    .string()
    .check(z.refine(isTimeZone, { error: 'use the name of a time zone like Europe/Berlin' }))
    .register(documented, { description: 'The IANA time zone of calendar days' }),
  'UTC',
)

/** A calendar day. */
const dayParameter = (description: string) =>
  z
    .optional(
      z.pipe(
        z
          .string()
          .check(z.refine((text) => parseDay(text) !== undefined, { error: 'use a day like 2026-03-01' })),
        z.transform((text) => parseDay(text) ?? 0),
      ),
    )
    .register(documented, { format: 'date', description })

/** A range of days. */
export const daysParameters = {
  from: dayParameter('The first day'),
  to: dayParameter('The day after the last'),
}

/** The first instant of a day: the first one with that local date or a later one. */
export const startOfDay = (day: DayNumber, timeZone: string): Instant =>
  dateOf(day).toZonedDateTime(timeZone).epochMilliseconds

/** The day of an instant: the latest day that has begun. */
export const dayAt = (instant: Instant, timeZone: string): DayNumber => {
  const day = numberOf(
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate(),
  )
  // If clocks are set back across midnight, they show the previous date again although the next day has begun.
  return instant < startOfDay(day + 1, timeZone) ? day : day + 1
}

/**
 * The instant `days` calendar days earlier, at the same time of day. For the first instant of a day, returns the first
 * instant of the earlier day.
 */
export const daysBefore = (instant: Instant, days: number, timeZone: string): Instant => {
  const day = dayAt(instant, timeZone)
  if (instant === startOfDay(day, timeZone)) return startOfDay(day - days, timeZone)
  const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone)
  return at.subtract({ days }).epochMilliseconds
}

/** Days in `[from, to)`. */
export interface DayRange {
  from: DayNumber
  to: DayNumber
}

/** The days that a query selects; by default, the last `defaultDays` days up to and including today. */
export const dayRangeOf = (
  { from, to }: { from?: DayNumber | undefined; to?: DayNumber | undefined },
  today: DayNumber,
  defaultDays: number,
): Result<DayRange> => {
  const end = to ?? Math.max(today + 1, (from ?? 0) + 1)
  const start = from ?? end - defaultDays
  if (start >= end)
    return invalidParameter('from', 'Cannot use a range that ends before it begins: use a "from" before "to"')
  if (start < firstDay || end > lastDay)
    return invalidParameter('from', 'Cannot use days outside the years 0000 to 9999')
  return { from: start, to: end }
}

/**
 * The days of a range that can contain contributions: until tomorrow, because a fast clock may have recorded some. Only
 * these are scanned. May be empty.
 */
export const countedDays = ({ from, to }: DayRange, now: Instant, timeZone: string): DayRange => ({
  from: Math.max(from, dayAt(firstOccurredAt, timeZone)),
  to: Math.min(to, dayAt(now, timeZone) + 2),
})

/** The clock changes of a zone from the first instant of `from` to that of `to`, inclusive. */
const changesBetween = (from: DayNumber, to: DayNumber, timeZone: string): Temporal.ZonedDateTime[] => {
  const changes: Temporal.ZonedDateTime[] = []
  const end = startOfDay(to, timeZone)
  // Starts just before the range: its first instant may be a change, and only later changes are found.
  let at: Temporal.ZonedDateTime | null = dateOf(from).toZonedDateTime(timeZone).subtract({ milliseconds: 1 })
  for (;;) {
    at = at.getTimeZoneTransition('next')
    if (at === null || at.epochMilliseconds > end) return changes
    changes.push(at)
  }
}

/** The days in `[from, to)` on which clocks change, and their neighbours. */
const unevenDays = (from: DayNumber, to: DayNumber, timeZone: string): DayNumber[] => {
  const days = changesBetween(from, to, timeZone).flatMap((change) => {
    const day = numberOf(change.toPlainDate())
    // A change at midnight may affect either day.
    return [day - 1, day, day + 1].filter((near) => near >= from && near < to)
  })
  return [...new Set(days)].sort((left, right) => left - right)
}

/** The dates in `[from, to)` that a zone skipped, as Samoa did with 2011-12-30. */
export const skippedDays = (from: DayNumber, to: DayNumber, timeZone: string): Set<DayNumber> => {
  const skipped = new Set<DayNumber>()
  for (const change of changesBetween(from, to, timeZone)) {
    const next = numberOf(change.toPlainDate())
    const last = numberOf(change.subtract({ milliseconds: 1 }).toPlainDate())
    for (let day = Math.max(from, last + 1); day < Math.min(to, next); day += 1) skipped.add(day)
  }
  return skipped
}

/**
 * The days in `[from, to)` as pieces: runs of 24-hour days, and each day around a clock change on its own. Within a
 * piece, SQL can compute the day of an instant by arithmetic.
 */
export const dayPieces = (from: DayNumber, to: DayNumber, timeZone: string): DayPiece[] => {
  const pieces: DayPiece[] = []
  let next = from
  const addRun = (until: DayNumber): void => {
    if (next < until) pieces.push({ start: startOfDay(next, timeZone), firstDay: next, isOneDay: false })
    next = until
  }
  for (const day of unevenDays(from, to, timeZone)) {
    addRun(day)
    pieces.push({ start: startOfDay(day, timeZone), firstDay: day, isOneDay: true })
    next = day + 1
  }
  addRun(to)
  return pieces
}

/** The maximum number of days that one statement reads. It bounds the time range, not the number of events. */
export const stretchDays = 366

/** Divides the days in `[from, to)` into stretches. */
export const stretchesOf = (from: DayNumber, to: DayNumber, timeZone: string): Stretch[] => {
  const count = Math.max(0, Math.ceil((to - from) / stretchDays))
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * stretchDays
    const end = Math.min(to, start + stretchDays)
    const window = { from: startOfDay(start, timeZone), to: startOfDay(end, timeZone) }
    return { window, pieces: dayPieces(start, end, timeZone) }
  })
}
