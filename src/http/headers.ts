/** As much of a header as is read, so that no header takes long. */
const charactersMax = 4096

/** The first `most` elements of a header that is a list (RFC 9110 section 5.6.1), trimmed. */
export const elementsOf = (header: string | null, most: number): string[] =>
  (header ?? '')
    .slice(0, charactersMax)
    .split(',', most)
    .map((element) => element.trim())

/** How many media types of an Accept header are read; browsers send about eight. */
const rangesMax = 20

/** The weight that an Accept header gives a media type by name (RFC 9110 section 12.5.1); undefined if not listed. */
const weightOf = (accept: string | null, type: string): number | undefined => {
  for (const range of elementsOf(accept, rangesMax)) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2))
  }
  return undefined
}

/** Whether an Accept header lists a media type, with at least the weight of JSON. */
export const prefers = (accept: string | null, type: 'text/csv' | 'text/html'): boolean => {
  const weight = weightOf(accept, type) ?? 0
  return weight > 0 && weight >= (weightOf(accept, 'application/json') ?? 0)
}

/** How many tags of If-None-Match are compared; a cache sends one for each answer it stores for an address. */
const tagsMax = 100

const opaque = (tag: string): string => tag.replace(/^W\//, '')

/** Whether If-None-Match is `*` or lists a tag, compared weakly (RFC 9110 section 13.1.2). */
export const matchesTag = (ifNoneMatch: string | null, tag: string): boolean => {
  const given = elementsOf(ifNoneMatch, tagsMax)
  return (
    given.some((candidate) => opaque(candidate) === opaque(tag)) || (given.length === 1 && given[0] === '*')
  )
}

const digest = async (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/**
 * Whether an Authorization header carries the operator's token (RFC 6750). Digests are compared in constant time, so
 * that the time reveals neither the token's length nor a common prefix.
 */
export const isAuthorized = async (header: string | null, token: string): Promise<boolean> => {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const [left, right] = await Promise.all([digest(given), digest(token)])
  return crypto.subtle.timingSafeEqual(left, right)
}

/** The headers of what any page on the web may read (fetch.spec.whatwg.org, "CORS protocol"). */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-expose-headers':
    'Age, ETag, Link, Perennial-As-Of, Perennial-Position, Retry-After, Server-Timing',
  'access-control-max-age': '86400',
}

/**
 * No response may be run, framed or sniffed for another type. Pages and pictures that need more set their own
 * policy. HSTS applies to https only (RFC 6797 section 8.1).
 */
const securityHeaders = {
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** All headers of a public answer: its own, and those that every one has. */
export const publicHeaders = (own: Record<string, string>): Record<string, string> => ({
  ...securityHeaders,
  ...own,
  ...cors,
})

/** Sets headers on a response, and the default security headers where it has none. */
export const setHeaders = (response: Response, headers: Record<string, string>): Response => {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

/** `live` follows the log; `past` is for an instant in the past; `never` must not be cached. */
export type Freshness = 'live' | 'past' | 'never'

const cacheControl: Record<Freshness, string> = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/**
 * The caching headers of a response. Cloudflare's cache would otherwise serve what it has for as long as the Worker fails
 * (developers.cloudflare.com/workers/cache/configuration); it reads and removes its own header. An hour bridges an outage,
 * and bounds how long a name is shown after its erasure.
 */
export const cacheHeaders = (freshness: Freshness): Record<string, string> => {
  const control = cacheControl[freshness]
  if (freshness === 'never') return { 'cache-control': control }
  return { 'cache-control': control, 'cloudflare-cdn-cache-control': `${control}, stale-if-error=3600` }
}

/** A weak ETag over a text (RFC 9110 section 8.8.1): the same text, the same tag. */
export const weakTag = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await digest(text))
  return `W/"${bytes.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}
