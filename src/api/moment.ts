import type { Call } from '../http/endpoint.ts'
import { documented } from '../http/documented.ts'
import * as z from 'zod/mini'
import {
  afterAllEvents,
  beforeAllEvents,
  clocksDifferMilliseconds,
  formatInstant,
  maxRfc3339Instant,
  minRfc3339Instant,
  parseInstant,
  type Instant,
  windowOf,
  type Span,
} from '../contributions/instant.ts'
import { invalidParameter, isFailure, type Failure, type Result } from '../failure.ts'

/** The instant as of which an answer is computed. */
export interface Moment {
  asOf: Instant
  /** Whether the request has no `as_of`. Then windows have no upper bound. */
  live: boolean
}

export const asOfParameter = z
  .optional(
    z.pipe(
      z.string().check(
        z.refine((text) => parseInstant(text) !== undefined, {
          error: 'use an RFC 3339 instant like 2026-03-01T00:00:00Z',
        }),
      ),
      z.transform((text) => parseInstant(text) ?? 0),
    ),
  )
  .register(documented, {
    format: 'date-time',
    description: 'Answer for this instant, from today’s log: RFC 3339 with an offset, not later than now',
  })

/** The moment that a request selects. Fails if `as_of` is in the future. */
export const momentOf = (asOf: Instant | undefined, now: Instant): Result<Moment> => {
  if (asOf === undefined) return { asOf: now, live: true }
  if (asOf <= now) return { asOf, live: false }
  return invalidParameter('as_of', `Cannot answer for ${formatInstant(asOf)}: it is later than now`)
}

/**
 * The moment for a scan of the log. A live one is rounded down to the second, so that requests within a second share a
 * scan. A pinned one is unchanged.
 */
export const scanMomentOf = <Pinned extends Moment & { position?: number | undefined }>(
  moment: Pinned,
): Pinned =>
  moment.live && moment.position === undefined
    ? { ...moment, asOf: moment.asOf - (moment.asOf % 1000) }
    : moment

/** How an answer for a moment may be cached. */
export const freshnessOf = ({ live }: Moment): 'live' | 'past' => (live ? 'live' : 'past')

/** One bound of a window: null if it is open, otherwise clamped to the range of RFC 3339. */
const formatEnd = (end: Instant): string | null =>
  end === beforeAllEvents || end === afterAllEvents
    ? null
    : formatInstant(Math.min(Math.max(minRfc3339Instant, end), maxRfc3339Instant))

/** A window as answers show it. Open bounds are null. */
export const formatWindow = (
  span: Span,
  { asOf, live }: Moment,
): { from: string | null; to: string | null } => {
  const { from, to } = windowOf(span, asOf, live)
  return { from: formatEnd(from), to: formatEnd(to) }
}

/** Formats an instant; null stays null. */
export const formatNullable = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)

/** The sort key of a list item. */
type SortKey = [number, number]

/** What a cursor pins, so that pages never overlap and together form one consistent answer. */
export interface Cursor extends Moment {
  position: number
  /** The last item of the previous page. */
  after: SortKey
}

/** The start of the requested page. The first page is not pinned yet. */
export interface PageStart extends Moment {
  /** The position of the previous page; undefined for the first page. */
  position: number | undefined
  after: SortKey | undefined
}

const whole = z.int()
const contents = z.tuple([z.string(), whole, z.boolean(), whole, whole, whole])

/** Identifies the request that a cursor belongs to: its path and parameters, except those that may change between pages. */
const fingerprintOf = (request: Request): string => {
  const url = new URL(request.url)
  for (const name of ['cursor', 'limit', 'as_of', 'at_least']) url.searchParams.delete(name)
  url.searchParams.sort()
  return url.pathname.replace(/\.csv$/, '') + url.search
}

/** Encodes a cursor, which is opaque to callers. */
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

/** Decodes a cursor. Fails if it is malformed, or if it belongs to a request with other parameters. */
export const parseCursor = (request: Request, text: string, now: Instant): Result<Cursor> => {
  const unreadable: Failure = invalidParameter(
    'cursor',
    'Cannot read the cursor: use the next_cursor of the previous page',
  )
  const parsed = contents.safeParse(decode(text))
  if (!parsed.success) return unreadable
  // The cursor's instant may come from the clock of another isolate.
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

export const cursorParameter = z
  .optional(z.string().check(z.maxLength(2048, { error: 'use the next_cursor of the previous page' })))
  .register(documented, {
    description: 'The `next_cursor` of the previous page; keep its other parameters',
  })

/**
 * Reads `cursor` and `as_of`. A cursor pins the instant and the position: an `as_of` beside it must match, and an
 * `at_least` must not be later.
 */
export const pageStartOf = (
  request: Request,
  query: { cursor?: string | undefined; as_of?: Instant | undefined; at_least: number },
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
  if (query.at_least > cursor.position) {
    const detail = `Cannot answer for position ${query.at_least}, because the cursor pins ${cursor.position}: begin again without the cursor`
    return { failure: 'unavailable', detail }
  }
  return cursor
}

/** The maximum number of rows in one answer. */
const wholeMax = 100_000

/** The number of rows of a whole list per read. */
export const wholePage = 1000

/** The maximum number of rows after the first page. */
export const restMax = wholeMax - wholePage

/** Whether the whole list is requested: the path ends in `.csv`, and no parameter selects a page. */
export const isWhole = ({ csvSuffix, url }: Call): boolean =>
  csvSuffix && !['limit', 'cursor', 'around'].some((name) => url.searchParams.has(name))
