import {
  afterAllEvents,
  beforeAllEvents,
  formatInstant,
  maxRfc3339Instant,
  minRfc3339Instant,
  type Instant,
} from '../contributions/instant.ts'
import { windowOf, type Span } from '../contributions/window.ts'
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

/** One end of a window: null if it is open, and within the years that RFC 3339 can write. */
const formatEnd = (end: Instant): string | null =>
  end === beforeAllEvents || end === afterAllEvents
    ? null
    : formatInstant(Math.min(Math.max(minRfc3339Instant, end), maxRfc3339Instant))

/** A window as answers show it: an end that is open is null. */
export const formatWindow = (
  span: Span,
  { asOf, live }: Moment,
): { from: string | null; to: string | null } => {
  const { from, to } = windowOf(span, asOf, live)
  return { from: formatEnd(from), to: formatEnd(to) }
}

/** An instant, or null where there is none. */
export const formatNullable = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)
