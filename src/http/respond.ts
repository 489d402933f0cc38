import type { Holds, SentAnswer } from '../memory/AnswerMemory.ts'
import { cacheHeaders, matchesTag, publicHeaders, weakTag, type Freshness } from './headers.ts'
import { streamTable, toCsv, type RestOfTable, type Table } from './streamTable.ts'

/** An answer in a format that has no place for `as_of` and `position`. Headers carry them, and the ETag covers the text. */
export interface Rendition {
  contentType: string
  text: string
  headers?: Record<string, string>
}

/** The JSON object of an answer. */
export type AnswerBody = Record<string, unknown>

/** What an endpoint answers with, before it becomes HTTP. */
export interface Answer<Body extends AnswerBody = AnswerBody> {
  body: Body
  freshness: Freshness
  /** Whole seconds since the log was last read, if it cannot be reached; otherwise 0 or absent. */
  ageSeconds?: number
  /** The rows of a list, for CSV. Called only if the caller requests CSV. */
  table?: () => Table['rows']
  /** The rows after these, if the caller requests the whole list as CSV. */
  rest?: RestOfTable | undefined
  /** Sent in place of the body. */
  rendition?: Rendition
  /** How long the answer may be reused; absent if it may not be. */
  holds?: Holds | undefined
}

/** Fields that change over time even if the numbers do not. The ETag ignores them. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/**
 * The position pinned by the cursor of the next page. It is part of the ETag, so that a 304 never preserves a cursor to
 * outdated numbers.
 */
const pinnedPosition = (body: AnswerBody): unknown =>
  typeof body['next_cursor'] === 'string' ? body['position'] : undefined

/** A list item, or a requested period, without its window, or without its `as_of` and `position`. */
const withoutMoment = (part: unknown): unknown => {
  if (typeof part !== 'object' || part === null) return part
  if ('window' in part) return { ...part, window: undefined }
  if (!('as_of' in part)) return part
  const period = 'period' in part ? withoutMoment(part.period) : undefined
  return { ...part, as_of: undefined, position: undefined, period }
}

/** The part of an answer that changes only if its numbers, or those of later pages, change. */
const stableText = (body: AnswerBody): string =>
  JSON.stringify([
    pinnedPosition(body),
    ...Object.entries(body).flatMap(([name, value]) =>
      momentary.has(name)
        ? []
        : [name, Array.isArray(value) ? value.map(withoutMoment) : withoutMoment(value)],
    ),
  ])

/** The Link header with the address of the next page (RFC 8288), for which CSV has no other place. */
const nextPageLink = (request: Request, cursor: unknown, limit?: number): Record<string, string> => {
  if (typeof cursor !== 'string') return {}
  const url = new URL(request.url)
  url.searchParams.set('cursor', cursor)
  if (limit !== undefined) url.searchParams.set('limit', String(limit))
  return { link: `<${url.pathname}${url.search}>; rel="next"` }
}

const csvType = 'text/csv; charset=utf-8; header=present'

/** An answer in one format. */
interface Formatted {
  /** What the ETag covers: the format, and the stable part of the answer. */
  stable: () => string
  text: string
  /** Headers specific to this format, which a 304 omits. */
  own: Record<string, string>
  /** Whether headers carry `as_of` and `position`. */
  momentInHeaders: boolean
}

const format = (
  request: Request,
  { body, table, rendition }: Answer,
  columns: readonly string[] | undefined,
): Formatted => {
  if (rendition) {
    const { contentType, text, headers } = rendition
    const own = { ...headers, 'content-type': contentType }
    return { stable: () => contentType + text, text, own, momentInHeaders: true }
  }
  if (table && columns) {
    const own = {
      ...nextPageLink(request, body['next_cursor']),
      'content-type': csvType,
    }
    const text = toCsv({ columns, rows: table() })
    return { stable: () => `csv${stableText(body)}`, text, own, momentInHeaders: true }
  }
  const own = { 'content-type': 'application/json' }
  return { stable: () => `json${stableText(body)}`, text: JSON.stringify(body), own, momentInHeaders: false }
}

/** The text before and after `as_of` and `position`, which are adjacent in every answer. */
const aroundMoment = (
  { text, momentInHeaders }: Formatted,
  { as_of, position }: AnswerBody,
): string | readonly [before: string, after: string] => {
  if (momentInHeaders) return text
  const moment = JSON.stringify({ as_of, position }).slice(1, -1)
  const start = text.indexOf(moment)
  return start < 0 ? text : [text.slice(0, start), text.slice(start + moment.length)]
}

/** The headers with `as_of` and `position`, for formats that have no place for them. */
const momentHeaders = ({ as_of: asOf, position }: AnswerBody): Record<string, string> => ({
  'perennial-as-of': String(asOf),
  'perennial-position': String(position),
})

/** Streams a whole list. Its ETag is random, because its content is not known before the end. */
const respondWhole = async (
  request: Request,
  { body, freshness, table, rest, ageSeconds }: Answer & { table: () => Table['rows']; rest: RestOfTable },
  columns: readonly string[],
): Promise<Response> => {
  const headers = {
    ...cacheHeaders(freshness),
    ...(ageSeconds && { age: String(ageSeconds) }),
    ...nextPageLink(request, rest.next?.cursor, rest.next?.limit),
    ...momentHeaders(body),
    'content-type': csvType,
    vary: 'Accept',
    etag: await weakTag(crypto.randomUUID()),
  }
  return new Response(streamTable({ columns, rows: table() }, rest.pages), { headers })
}

/**
 * Converts an answer to an HTTP response: CSV if `columns` are given, otherwise JSON or the endpoint's own format, with
 * caching headers; 304 if the caller already has it. Passes answers that may be reused to `remember`.
 */
export const respond = async (
  request: Request,
  answer: Answer,
  columns: readonly string[] | undefined,
  remember?: (sent: SentAnswer) => void,
): Promise<Response> => {
  const { body, freshness, ageSeconds, holds, table, rest } = answer
  if (columns && table && rest) return await respondWhole(request, { ...answer, table, rest }, columns)
  const formatted = format(request, answer, columns)
  const { stable, text, own, momentInHeaders } = formatted
  const shared: Record<string, string> = {
    ...cacheHeaders(freshness),
    // RFC 9111 section 5.1: tells caches that the answer is already stale.
    ...(ageSeconds && { age: String(ageSeconds) }),
    ...(answer.table && { vary: 'Accept' }),
    ...(momentInHeaders && momentHeaders(body)),
    ...(freshness !== 'never' && { etag: await weakTag(stable()) }),
  }
  if (holds && !ageSeconds) {
    remember?.({
      text: holds.about === 'user' ? aroundMoment(formatted, body) : text,
      asOf: String(body['as_of']),
      position: Number(body['position']),
      live: freshness === 'live',
      etag: shared['etag'],
      headers: publicHeaders({ ...shared, ...own }),
      notModifiedHeaders: publicHeaders(shared),
      momentInHeaders,
      holds,
    })
  }
  const { etag } = shared
  if (etag !== undefined && matchesTag(request.headers.get('if-none-match'), etag))
    return new Response(null, { status: 304, headers: shared })
  return new Response(text, { headers: { ...shared, ...own } })
}
