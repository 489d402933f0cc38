import * as z from 'zod/mini'
import { clocksDifferMilliseconds, firstInstant, type Instant } from '../contributions/instant.ts'
import { invalidParameter, type Problem } from '../http/problem.ts'

/** What a cursor pins, so that pages never overlap and add up to one answer. */
export interface Cursor {
  asOf: Instant
  live: boolean
  position: number
  /** The place that the page begins after: its keys in the list's order. */
  after: [number, number]
}

const whole = z.int()
const contents = z.tuple([z.string(), whole, z.boolean(), whole, whole, whole])

/** The question that a cursor belongs to: path and parameters, without those that may change from page to page. */
const questionOf = (request: Request): string => {
  const url = new URL(request.url)
  for (const name of ['cursor', 'limit', 'as_of', 'at_least']) url.searchParams.delete(name)
  url.searchParams.sort()
  return url.pathname.replace(/\.csv$/, '') + url.search
}

/** Opaque to callers: they send it back as it is. */
export const formatCursor = (request: Request, { asOf, live, position, after }: Cursor): string =>
  new TextEncoder()
    .encode(JSON.stringify([questionOf(request), asOf, live, position, ...after]))
    .toBase64({ alphabet: 'base64url', omitPadding: true })

const decode = (text: string): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: 'base64url' })))
  } catch {
    return undefined
  }
}

/** Reads a cursor back; a Problem if it is none of ours, or of another question. */
export const parseCursor = (request: Request, text: string, now: Instant): Cursor | Problem => {
  const parsed = contents.safeParse(decode(text))
  const unreadable = invalidParameter(
    'cursor',
    'Cannot read the cursor: use the next_cursor of the page before',
  )
  if (!parsed.success) return unreadable
  const [question, asOf, live, position, ...after] = parsed.data
  // The instant of a cursor was another isolate's.
  if (asOf < firstInstant || asOf > now + clocksDifferMilliseconds || position < 0) return unreadable
  if (question !== questionOf(request)) {
    return invalidParameter(
      'cursor',
      'Cannot use a cursor of another question: keep the parameters of the page before',
    )
  }
  return { asOf, live, position, after }
}
