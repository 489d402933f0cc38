import { dayMilliseconds, beforeAllEvents, afterAllEvents, type Instant } from './instant.ts'

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

const written = new RegExp(windowPattern)

/** Parses `30d` (1 to 3660 days) or `all`. Returns undefined for anything else. */
export const parseWindowLength = (text: string): WindowLength | undefined => {
  if (!written.test(text)) return undefined
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
