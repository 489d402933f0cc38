import { toCsv, type Table } from './csv.ts'

/** What a read answers with, before it becomes HTTP. */
export interface Answer {
  body: Record<string, unknown>
  /** `live` follows the log; `past` is for an instant that is over; `never` is not to be kept by any cache. */
  freshness: 'live' | 'past' | 'never'
  /** How long ago the log was last seen when it is out of reach, in whole seconds; 0 or left out when it is not. */
  ageSeconds?: number
  /** The same as a table, for a list; made when it is asked for. */
  table?: () => Table
}

const cacheControl = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/** What changes with every moment although the numbers are the same: it has no part in the ETag. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/** An item of a list: metrics have a window each. */
const withoutWindow = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && 'window' in item ? { ...item, window: undefined } : item

/** A weak ETag (RFC 9110 section 8.8.1) over what an answer says: the same numbers, the same tag. */
const tagOf = async (body: Record<string, unknown>, format: 'json' | 'csv'): Promise<string> => {
  const lasting = Object.entries(body).flatMap(([name, value]) =>
    momentary.has(name) ? [] : [name, Array.isArray(value) ? value.map(withoutWindow) : value],
  )
  const text = JSON.stringify(lasting)
  const bytes = new TextEncoder().encode(format + text)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `W/"${digest.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')

/** RFC 9110 section 13.1.2: `*` or a list of tags, compared weakly. */
const matches = (ifNoneMatch: string | null, tag: string): boolean => {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((candidate) => opaque(candidate) === opaque(tag))
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
  // RFC 9111 section 5.1: so that no cache takes it for new.
  if (answer.ageSeconds) headers['age'] = String(answer.ageSeconds)
  if (answer.table) headers['vary'] = 'Accept'
  if (answer.freshness !== 'never') {
    const tag = await tagOf(answer.body, table ? 'csv' : 'json')
    headers['etag'] = tag
    if (matches(request.headers.get('if-none-match'), tag))
      return new Response(null, { status: 304, headers })
  }
  if (!table) return Response.json(answer.body, { headers })
  const type = { 'content-type': 'text/csv; charset=utf-8; header=present' }
  return new Response(toCsv(table()), {
    headers: { ...headers, ...nextPage(request, answer.body['next_cursor']), ...type },
  })
}
