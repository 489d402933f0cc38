import * as z from 'zod/mini'
import {
  afterAllEvents,
  beforeAllEvents,
  clocksDifferMilliseconds,
  formatInstant,
  maxRfc3339Instant,
  minRfc3339Instant,
  type Instant,
} from '../contributions/instant.ts'
import { windowOf, type Span } from '../contributions/window.ts'
import { invalidParameter, isFailure, type Failure, type Result } from '../failure.ts'

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

/** Two numbers that determine an item's place in the order of a list. */
type SortKey = [number, number]

/** What a cursor pins, so that pages never overlap and add up to one answer. */
export interface Cursor extends Moment {
  position: number
  /** The item that the page begins after. */
  after: SortKey
}

/** The page of a list that a caller requests: the first one is not pinned yet. */
export interface PageStart extends Moment {
  /** The position of the previous page; undefined for the first page. */
  position: number | undefined
  after: SortKey | undefined
}

const whole = z.int()
const contents = z.tuple([z.string(), whole, z.boolean(), whole, whole, whole])

/** The request that a cursor belongs to: path and parameters, without those that may change from page to page. */
const fingerprintOf = (request: Request): string => {
  const url = new URL(request.url)
  for (const name of ['cursor', 'limit', 'as_of', 'at_least']) url.searchParams.delete(name)
  url.searchParams.sort()
  return url.pathname.replace(/\.csv$/, '') + url.search
}

/** Opaque to callers, who send it back unchanged. */
export const formatCursor = (request: Request, { asOf, live, position, after }: Cursor): string =>
  new TextEncoder()
    .encode(JSON.stringify([fingerprintOf(request), asOf, live, position, ...after]))
    .toBase64({ alphabet: 'base64url', omitPadding: true })

const decode = (text: string): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: 'base64url' })))
  } catch {
    return undefined
  }
}

/** Reads a cursor back; a failure if it was not made here, or for a request with other parameters. */
export const parseCursor = (request: Request, text: string, now: Instant): Result<Cursor> => {
  const unreadable: Failure = invalidParameter(
    'cursor',
    'Cannot read the cursor: use the next_cursor of the previous page',
  )
  const parsed = contents.safeParse(decode(text))
  if (!parsed.success) return unreadable
  // The cursor's instant came from another isolate's clock.
  const [fingerprint, asOf, live, position, ...after] = parsed.data
  if (asOf < minRfc3339Instant || asOf > now + clocksDifferMilliseconds || position < 0) return unreadable
  if (fingerprint !== fingerprintOf(request)) {
    return invalidParameter(
      'cursor',
      'Cannot use this cursor with other parameters: keep those of the previous page',
    )
  }
  return { asOf, live, position, after }
}

/** Reads `cursor` and `as_of` together: a cursor pins the instant, and an `as_of` beside it must be the same. */
export const pageStartOf = (
  request: Request,
  query: { cursor?: string | undefined; as_of?: Instant | undefined },
  now: Instant,
): Result<PageStart> => {
  if (query.cursor === undefined) {
    const moment = momentOf(query.as_of, now)
    return isFailure(moment) ? moment : { ...moment, position: undefined, after: undefined }
  }
  const cursor = parseCursor(request, query.cursor, now)
  if (isFailure(cursor)) return cursor
  const pinned = cursor.live ? undefined : cursor.asOf
  if (query.as_of !== undefined && query.as_of !== pinned)
    return invalidParameter('as_of', 'Cannot change as_of between pages: leave it out, or keep it')
  return cursor
}
