import { toCsv, type Table } from './csv.ts'

/** An answer in a format that has no room for `as_of` and `position`: headers carry them, and the tag is over it. */
export interface Rendition {
  contentType: string
  text: string
  headers?: Record<string, string>
}

/** What a read answers with, before it becomes HTTP. */
export interface Answer {
  body: Record<string, unknown>
  /** `live` follows the log; `past` is for an instant that is over; `never` is not to be kept by any cache. */
  freshness: 'live' | 'past' | 'never'
  /** The same as a table, for a list. */
  table?: Table
  /** What is sent in place of the body. */
  rendition?: Rendition
}

const cacheControl = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/** What changes with every moment although the numbers are the same: it has no part in the ETag. */
const momentary = new Set(['as_of', 'position', 'window', 'next_cursor'])

/** What an answer says that stays while the numbers stay. */
const lastingText = (body: Record<string, unknown>): string => {
  const lasting = Object.entries(body).filter(([name]) => !momentary.has(name))
  // A list of metrics has a window each.
  return JSON.stringify(lasting, (name, value: unknown) => (name === 'window' ? undefined : value))
}

/** A weak ETag (RFC 9110 section 8.8.1) over what an answer says: the same numbers, the same tag. */
const tagOf = async (format: string, text: string): Promise<string> => {
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

/** A way to write an answer down. */
interface Form {
  /** Tells one form's tag from another's. */
  format: string
  lasting: string
  /** Sent with 304 too. */
  headers: Record<string, string>
  write(headers: Record<string, string>): Response
}

const renditionForm = ({ contentType, text, headers }: Rendition, body: Answer['body']): Form => ({
  format: contentType,
  lasting: text,
  headers: { 'perennial-as-of': String(body['as_of']), 'perennial-position': String(body['position']) },
  write: (rest) => new Response(text, { headers: { ...rest, ...headers, 'content-type': contentType } }),
})

const tableForm = (request: Request, table: Table, body: Answer['body']): Form => ({
  format: 'csv',
  lasting: lastingText(body),
  headers: {},
  write: (rest) =>
    new Response(toCsv(table), {
      headers: {
        ...rest,
        ...nextPage(request, body['next_cursor']),
        'content-type': 'text/csv; charset=utf-8; header=present',
      },
    }),
})

const jsonForm = (body: Answer['body']): Form => ({
  format: 'json',
  lasting: lastingText(body),
  headers: {},
  write: (rest) => Response.json(body, { headers: rest }),
})

const formOf = (request: Request, { body, table, rendition }: Answer, asCsv: boolean): Form => {
  if (rendition) return renditionForm(rendition, body)
  return table && asCsv ? tableForm(request, table, body) : jsonForm(body)
}

/** An answer as HTTP, in JSON, as CSV or in its own format, with its caching; or 304 to a caller who has it already. */
export const answerResponse = async (request: Request, answer: Answer, asCsv: boolean): Promise<Response> => {
  const form = formOf(request, answer, asCsv)
  const headers: Record<string, string> = {
    'cache-control': cacheControl[answer.freshness],
    ...(answer.table && { vary: 'Accept' }),
    ...form.headers,
  }
  if (answer.freshness === 'never') return form.write(headers)
  headers['etag'] = await tagOf(form.format, form.lasting)
  if (matches(request.headers.get('if-none-match'), headers['etag']))
    return new Response(null, { status: 304, headers })
  return form.write(headers)
}
