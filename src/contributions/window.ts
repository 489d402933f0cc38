import { dayMilliseconds, beforeAllEvents, afterAllEvents, type Instant } from './instant.ts'

/** A range of `occurred_at`: `[from, to)`. */
export interface Window {
  from: Instant
  to: Instant
}

/** How far back a window reaches: days of 86,400 s, or null for all time. */
export type WindowLength = number | null

/** The windows of a user's statistics, in days. */
export const standardWindows = [7, 30, 90, 365] as const

/** A length as text: 1 to 3660 days like `30d`, or `all`. */
export const windowPattern = '^(?:all|(?:[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)d)$'

const written = new RegExp(windowPattern)

/** Reads `30d` (1 to 3660 days) or `all`; undefined for anything else. */
export const parseWindowLength = (text: string): WindowLength | undefined => {
  if (!written.test(text)) return undefined
  return text === 'all' ? null : Number(text.slice(0, -1))
}

export const formatWindowLength = (length: WindowLength): string => (length === null ? 'all' : `${length}d`)

/**
 * The window of a length that ends at `asOf`. A live window has no upper end, so that a contribution that a fast clock
 * dated a little ahead counts immediately.
 */
export const windowAt = (length: WindowLength, asOf: Instant, live: boolean): Window => ({
  from: length === null ? beforeAllEvents : asOf - length * dayMilliseconds,
  to: live ? afterAllEvents : asOf,
})

/** The part of time that a query selects: a window that rolls with the clock, or a period between two fixed instants. */
export type Span = { length: WindowLength } | { period: Window }

/** The window of a span. With an `as_of`, a period ends there at the latest; one that begins later is empty. */
export const windowOf = (span: Span, asOf: Instant, live: boolean): Window => {
  if ('length' in span) return windowAt(span.length, asOf, live)
  const { from, to } = span.period
  return { from, to: live ? to : Math.max(from, Math.min(to, asOf)) }
}
