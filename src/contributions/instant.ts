/** Epoch milliseconds. */
export type Instant = number

/** The earliest allowed `occurred_at`. */
export const firstOccurredAt: Instant = Date.UTC(2000, 0, 1)

/** How far ahead of the receiver's clock a message, and a contribution in it, may be dated. */
export const aheadMilliseconds = 300_000

/** How far the clocks of two isolates may differ. */
export const clocksDifferMilliseconds = 60_000

/** The length of a day in a window: 86,400 s, even when clocks change. */
export const dayMilliseconds = 86_400_000

/** The first and the last instant that RFC 3339 can represent in UTC. */
export const minRfc3339Instant: Instant = Date.parse('0000-01-01T00:00:00.000Z')
export const maxRfc3339Instant: Instant = Date.parse('9999-12-31T23:59:59.999Z')

/** Bounds before and after every instant that can be recorded. */
export const beforeAllEvents: Instant = -8_640_000_000_000_000
export const afterAllEvents: Instant = 8_640_000_000_000_000

/**
 * The usual form, on a day that every month has. Date.parse is faster than the pattern below. For an impossible time or a
 * leap second it gives NaN, and the pattern decides.
 */
const common = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3}Z$/

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/i

/**
 * Parses an RFC 3339 date-time with an offset, truncated to the millisecond. Returns undefined for anything else, such
 * as an impossible date, a missing offset, hour 24, or an instant outside the years 0000 to 9999 in UTC. A leap second,
 * allowed only at the end of a UTC day (RFC 3339 section 5.6), becomes the first instant of the next day.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const parsed = common.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(parsed)) return parsed
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const offsetHours = Number(match[9] ?? 0)
  const offsetMinutes = Number(match[10] ?? 0)
  if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000
  const wholeSeconds = date.getTime() + hour * 3_600_000 + minute * 60_000 + second * 1000 - offset
  if (second === 60 && wholeSeconds % dayMilliseconds !== 0) return undefined
  const instant = second === 60 ? wholeSeconds : wholeSeconds + milliseconds
  return instant >= minRfc3339Instant && instant <= maxRfc3339Instant ? instant : undefined
}

/** Formats as RFC 3339 in UTC, with milliseconds and `Z`. */
export const formatInstant = (instant: Instant): string => new Date(instant).toISOString()

/** A range of `occurred_at`: `[from, to)`. */
export interface Window {
  from: Instant
  to: Instant
}

/** The length of a window in days of 86,400 s, or null for all time. */
export type WindowLength = number | null

/** The windows of a user's statistics, in days. */
export const standardWindows = [7, 30, 90, 365] as const

/** A window length as text: 1 to 3660 days, like `30d`, or `all`. */
export const windowPattern = '^(?:all|(?:[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)d)$'

const windowLength = new RegExp(windowPattern)

/** Parses `30d` (1 to 3660 days) or `all`. Returns undefined for anything else. */
export const parseWindowLength = (text: string): WindowLength | undefined => {
  if (!windowLength.test(text)) return undefined
  return text === 'all' ? null : Number(text.slice(0, -1))
}

export const formatWindowLength = (length: WindowLength): string => (length === null ? 'all' : `${length}d`)

/**
 * The window of this length that ends at `asOf`. A live window has no upper bound, so that a contribution dated
 * slightly in the future by a fast clock counts immediately.
 */
export const windowAt = (length: WindowLength, asOf: Instant, live: boolean): Window => ({
  from: length === null ? beforeAllEvents : asOf - length * dayMilliseconds,
  to: live ? afterAllEvents : asOf,
})

/** The time that a query selects: a window that moves with the clock, or a period between two fixed instants. */
export type Span = { length: WindowLength } | { period: Window }

/** The window of a span. Unless live, a period is cut off at `asOf`, and is empty if it begins later. */
export const windowOf = (span: Span, asOf: Instant, live: boolean): Window => {
  if ('length' in span) return windowAt(span.length, asOf, live)
  const { from, to } = span.period
  return { from, to: live ? to : Math.max(from, Math.min(to, asOf)) }
}

/** The earlier of two instants of which either may be unknown. */
export const earlierOf = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right)

/** The later of two instants of which either may be unknown. */
export const laterOf = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)
