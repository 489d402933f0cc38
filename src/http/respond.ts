import type { Holds, SentAnswer } from '../memory/AnswerMemory.ts'
import { cacheHeaders, matchesTag, publicHeaders, weakTag, type Freshness } from './headers.ts'
import { streamTable, toCsv, type RestOfTable, type Table } from './streamTable.ts'

/** An answer in a format without room for `as_of` and `position`: headers carry them, and the ETag is over the text. */
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
  /** Whole seconds since the log was last read, while it cannot be reached; otherwise 0 or left out. */
  ageSeconds?: number
  /** The rows of a list, for CSV; called only when a caller wants CSV. */
  table?: () => Table['rows']
  /** What follows these rows, if the caller wants the whole list as CSV and it is long. */
  rest?: RestOfTable | undefined
  /** What is sent in place of the body. */
  rendition?: Rendition
  /** For how long the answer holds; left out for one that each caller needs anew. */
  holds?: Holds | undefined
}

/** Fields that change with time although the numbers stay the same: the ETag leaves them out. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/** The position that the next page's cursor pins: a 304 must not keep a cursor to numbers that have changed. */
const pinnedPosition = (body: AnswerBody): unknown =>
  typeof body['next_cursor'] === 'string' ? body['position'] : undefined

/** An item of a list without its window or moment, which metrics and users' statistics have one each. */
const withoutMoment = (item: unknown): unknown => {
  if (typeof item !== 'object' || item === null) return item
  if ('window' in item) return { ...item, window: undefined }
  return 'as_of' in item ? { ...item, as_of: undefined, position: undefined } : item
}

/** What stays the same in an answer while its numbers, and those of the pages after it, stay the same. */
const stableText = (body: AnswerBody): string =>
  JSON.stringify([
    pinnedPosition(body),
    ...Object.entries(body).flatMap(([name, value]) =>
      momentary.has(name) ? [] : [name, Array.isArray(value) ? value.map(withoutMoment) : value],
    ),
  ])

/** The address of a list's next page (RFC 8288): CSV has no other place for it. */
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
  /** What the ETag is over: the format, and what stays the same while the numbers do. */
  stable: string
  text: string
  /** Headers of this format, which a 304 does not have. */
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
    return { stable: contentType + text, text, own, momentInHeaders: true }
  }
  if (table && columns) {
    const own = {
      ...nextPageLink(request, body['next_cursor']),
      'content-type': csvType,
    }
    const text = toCsv({ columns, rows: table() })
    return { stable: `csv${stableText(body)}`, text, own, momentInHeaders: true }
  }
  const own = { 'content-type': 'application/json' }
  return { stable: `json${stableText(body)}`, text: JSON.stringify(body), own, momentInHeaders: false }
}

/** The text before and after `as_of` and `position`, which stand side by side in every answer. */
const aroundMoment = (
  { text, momentInHeaders }: Formatted,
  { as_of, position }: AnswerBody,
): string | readonly [before: string, after: string] => {
  if (momentInHeaders) return text
  const moment = JSON.stringify({ as_of, position }).slice(1, -1)
  const start = text.indexOf(moment)
  return start < 0 ? text : [text.slice(0, start), text.slice(start + moment.length)]
}

/** The headers that say what an answer in a format without room for it reflects. */
const momentHeaders = ({ as_of: asOf, position }: AnswerBody): Record<string, string> => ({
  'perennial-as-of': String(asOf),
  'perennial-position': String(position),
})

/** A whole list as a stream. Its tag is its own: what it would be made from is not known before the end. */
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
 * An answer as HTTP: CSV if columns are given, otherwise JSON or its own format, with caching headers; 304 if the caller
 * has it already. `remember` gets an answer that holds for a while.
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
    // RFC 9111 section 5.1: no cache takes a stale answer for a fresh one.
    ...(ageSeconds && { age: String(ageSeconds) }),
    ...(answer.table && { vary: 'Accept' }),
    ...(momentInHeaders && momentHeaders(body)),
    ...(freshness !== 'never' && { etag: await weakTag(stable) }),
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
