import { dayMilliseconds, earliestInstant, latestInstant, type Instant } from './instant.ts'

/** A stretch of `occurred_at`: `[from, to)`. */
export interface Window {
  from: Instant
  to: Instant
}

/** How far back a window reaches: days of 86,400 s, or null for all of it. */
export type WindowLength = number | null

/** The windows of a user's statistics, in days. */
export const standardWindows = [7, 30, 90, 365] as const

const longestDays = 3660

/** Reads `30d` (1 to 3660 days) or `all`; undefined for anything else. */
export const parseWindowLength = (text: string): WindowLength | undefined => {
  if (text === 'all') return null
  const days = /^[1-9][0-9]{0,3}d$/.test(text) ? Number(text.slice(0, -1)) : 0
  return days >= 1 && days <= longestDays ? days : undefined
}

export const formatWindowLength = (length: WindowLength): string => (length === null ? 'all' : `${length}d`)

/**
 * The window of a length that ends at `asOf`. A live one has no upper end, as in "since 30 days ago", so that
 * what a fast clock dated a little ahead counts at once.
 */
export const windowAt = (length: WindowLength, asOf: Instant, live: boolean): Window => ({
  from: length === null ? earliestInstant : asOf - length * dayMilliseconds,
  to: live ? latestInstant : asOf,
})
