import { toCsv, type Table } from './csv.ts'
import { matchesTag, weakTag } from './etag.ts'

/** What a read answers with, before it becomes HTTP. */
export interface Answer {
  body: Record<string, unknown>
  /** `live` follows the log; `past` is for an instant that is over; `never` is not to be kept by any cache. */
  freshness: 'live' | 'past' | 'never'
  /** The same as a table, for a list. */
  table?: Table
}

/** How long each kind of answer may be kept, and by whom. */
export const cacheControl = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/** What changes with every moment although the numbers are the same: it has no part in the ETag. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/** The tag of what an answer says: the same numbers, the same tag. */
const tagOf = async (body: Record<string, unknown>, format: 'json' | 'csv'): Promise<string> => {
  const lasting = Object.entries(body).filter(([name]) => !momentary.has(name))
  // A list of metrics has a window each.
  const text = JSON.stringify(lasting, (name, value: unknown) => (name === 'window' ? undefined : value))
  return await weakTag(format + text)
}

/** Where the next page of a list is (RFC 8288): a table has no other place to say it. */
const nextPage = (request: Request, cursor: unknown): Record<string, string> => {
  if (typeof cursor !== 'string') return {}
  const url = new URL(request.url)
  url.searchParams.set('cursor', cursor)
  return { link: `<${url.pathname}${url.search}>; rel="next"` }
}

/** An answer as HTTP, as JSON or as CSV, with its caching; or 304 to a caller who has it already. */
export const answerResponse = async (request: Request, answer: Answer, asCsv: boolean): Promise<Response> => {
  const table = asCsv ? answer.table : undefined
  const headers: Record<string, string> = { 'cache-control': cacheControl[answer.freshness] }
  if (answer.table) headers['vary'] = 'Accept'
  if (answer.freshness !== 'never') {
    const tag = await tagOf(answer.body, table ? 'csv' : 'json')
    headers['etag'] = tag
    if (matchesTag(request.headers.get('if-none-match'), tag))
      return new Response(null, { status: 304, headers })
  }
  if (!table) return Response.json(answer.body, { headers })
  const type = { 'content-type': 'text/csv; charset=utf-8; header=present' }
  return new Response(toCsv(table), {
    headers: { ...headers, ...nextPage(request, answer.body['next_cursor']), ...type },
  })
}
