import { toCsv, type Table } from './csv.ts'
import { matchesTag, weakTag } from './etag.ts'

/** An answer in a format of its own, which has no room for `as_of` and `position`: headers carry them, and the tag is over it. */
export interface Rendition {
  contentType: string
  text: string
  headers?: Record<string, string>
}

/** What a read answers with, before it becomes HTTP. */
export interface Answer<Body = Record<string, unknown>> {
  body: Body
  /** `live` follows the log; `past` is for an instant that is over; `never` is not to be kept by any cache. */
  freshness: 'live' | 'past' | 'never'
  /** How long ago the log was last seen when it is out of reach, in whole seconds; 0 or left out when it is not. */
  ageSeconds?: number
  /** The same as the rows of a table, for a list; made when it is asked for. */
  table?: () => Table['rows']
  /** What is sent in place of the body. */
  rendition?: Rendition
}

/** How long each kind of answer may be kept, and by whom. */
const cacheControl = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/**
 * The headers of a freshness. Cloudflare's cache, which reads a header of its own and takes it off, would otherwise
 * go on with what it has for as long as the Worker fails (developers.cloudflare.com/workers/cache/configuration):
 * an hour bridges an outage, and is the longest that a name is shown after its erasure.
 */
export const cacheHeaders = (freshness: Answer['freshness']): Record<string, string> => {
  const kept = cacheControl[freshness]
  if (freshness === 'never') return { 'cache-control': kept }
  return { 'cache-control': kept, 'cloudflare-cdn-cache-control': `${kept}, stale-if-error=3600` }
}

/** What changes with every moment although the numbers are the same: it has no part in the ETag. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/** The position that the cursor to the next page pins: a 304 must not keep a cursor to numbers that have changed. */
const pinnedPosition = (body: Answer['body']): unknown =>
  typeof body['next_cursor'] === 'string' ? body['position'] : undefined

/** An item of a list: metrics have a window each. */
const withoutWindow = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && 'window' in item ? { ...item, window: undefined } : item

/** What an answer says that stays while the numbers stay, those on the pages after it too. */
const lastingText = (body: Answer['body']): string =>
  JSON.stringify([
    pinnedPosition(body),
    ...Object.entries(body).flatMap(([name, value]) =>
      momentary.has(name) ? [] : [name, Array.isArray(value) ? value.map(withoutWindow) : value],
    ),
  ])

/** Where the next page of a list is (RFC 8288): a table has no other place to say it. */
const nextPage = (request: Request, cursor: unknown): Record<string, string> => {
  if (typeof cursor !== 'string') return {}
  const url = new URL(request.url)
  url.searchParams.set('cursor', cursor)
  return { link: `<${url.pathname}${url.search}>; rel="next"` }
}

type Columns = Table['columns']

/** An answer written down in one format. */
interface Written {
  /** What its tag is over: the format, and what stays while the numbers stay. */
  lasting: string
  /** Sent with 304 too. */
  momentHeaders: Record<string, string>
  toResponse: (headers: Record<string, string>) => Response
}

/** `as_of` and `position` for formats that have no place for them. */
const momentOf = (body: Answer['body']): Record<string, string> => ({
  'perennial-as-of': String(body['as_of']),
  'perennial-position': String(body['position']),
})

const writeRendition = ({ contentType, text, headers: own }: Rendition, body: Answer['body']): Written => ({
  lasting: contentType + text,
  momentHeaders: momentOf(body),
  toResponse: (headers) =>
    new Response(text, { headers: { ...headers, ...own, 'content-type': contentType } }),
})

const writeTable = (request: Request, table: () => Table, body: Answer['body']): Written => ({
  lasting: `csv${lastingText(body)}`,
  momentHeaders: momentOf(body),
  toResponse: (headers) => {
    const type = { 'content-type': 'text/csv; charset=utf-8; header=present' }
    return new Response(toCsv(table()), {
      headers: { ...headers, ...nextPage(request, body['next_cursor']), ...type },
    })
  },
})

const writeJson = (body: Answer['body']): Written => ({
  lasting: `json${lastingText(body)}`,
  momentHeaders: {},
  toResponse: (headers) => Response.json(body, { headers }),
})

const write = (
  request: Request,
  { body, table, rendition }: Answer,
  columns: Columns | undefined,
): Written => {
  if (rendition) return writeRendition(rendition, body)
  if (table && columns) return writeTable(request, () => ({ columns, rows: table() }), body)
  return writeJson(body)
}

/**
 * An answer as HTTP: as CSV with the columns given, otherwise in JSON or in its own format. With its caching; or 304
 * to a caller who has it already.
 */
export const answerResponse = async (
  request: Request,
  answer: Answer,
  columns: Columns | undefined,
): Promise<Response> => {
  const { lasting, momentHeaders, toResponse } = write(request, answer, columns)
  const headers: Record<string, string> = {
    ...cacheHeaders(answer.freshness),
    // RFC 9111 section 5.1: so that no cache takes it for new.
    ...(answer.ageSeconds && { age: String(answer.ageSeconds) }),
    ...(answer.table && { vary: 'Accept' }),
    ...momentHeaders,
  }
  if (answer.freshness === 'never') return toResponse(headers)
  headers['etag'] = await weakTag(lasting)
  if (matchesTag(request.headers.get('if-none-match'), headers['etag']))
    return new Response(null, { status: 304, headers })
  return toResponse(headers)
}
