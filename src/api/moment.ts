import { formatInstant, minRfc3339Instant, type Instant } from '../contributions/instant.ts'
import { windowAt, type WindowLength } from '../contributions/window.ts'
import { invalidParameter, type Result } from '../failure.ts'

/** The instant that an answer is for. */
export interface Moment {
  asOf: Instant
  /** Whether the caller gave no `as_of`: then windows have no upper end. */
  live: boolean
}

/** The instant that a caller requests, which must not be later than now. */
export const momentOf = (asOf: Instant | undefined, now: Instant): Result<Moment> => {
  if (asOf === undefined) return { asOf: now, live: true }
  if (asOf <= now) return { asOf, live: false }
  return invalidParameter('as_of', `Cannot answer for ${formatInstant(asOf)}: it is later than now`)
}

/** How long an answer for a moment may be cached. */
export const freshnessOf = ({ live }: Moment): 'live' | 'past' => (live ? 'live' : 'past')

/** A window as answers show it: `from` is null for `all`, `to` is null while live. */
export const formatWindow = (
  length: WindowLength,
  { asOf, live }: Moment,
): { from: string | null; to: string | null } => ({
  from:
    length === null ? null : formatInstant(Math.max(minRfc3339Instant, windowAt(length, asOf, live).from)),
  to: live ? null : formatInstant(asOf),
})

/** An instant, or null where there is none. */
export const formatNullable = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)
