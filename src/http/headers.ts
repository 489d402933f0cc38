/** The part of a header that is parsed. Bounds the time that a long header takes. */
const charactersMax = 4096

/** The first `most` elements of a list header (RFC 9110 section 5.6.1), trimmed. */
export const elementsOf = (header: string | null, most: number): string[] =>
  (header ?? '')
    .slice(0, charactersMax)
    .split(',', most)
    .map((element) => element.trim())

/** The maximum number of media types parsed from an Accept header; browsers send about eight. */
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

/** The maximum number of tags compared from If-None-Match; a cache sends one for each answer it stores for an address. */
const tagsMax = 100

/**
 * Whether an Accept header asks for an image, as that of an `<img>` does, with at least the weight of a problem in JSON. A wildcard
 * for all types does not.
 */
export const prefersImage = (accept: string | null): boolean => {
  const weight = weightOf(accept, 'image/svg+xml') ?? weightOf(accept, 'image/*') ?? 0
  const others = ['application/json', 'application/problem+json'].map((type) => weightOf(accept, type) ?? 0)
  return weight > 0 && weight >= Math.max(...others)
}

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
 * Whether an Authorization header carries the operator's token (RFC 6750). Compares digests in constant time, so that
 * timing reveals neither the token's length nor a common prefix.
 */
export const isAuthorized = async (header: string | null, token: string): Promise<boolean> => {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const [left, right] = await Promise.all([digest(given), digest(token)])
  return crypto.subtle.timingSafeEqual(left, right)
}

/** The CORS headers of answers that any website may read (fetch.spec.whatwg.org, "CORS protocol"). */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-expose-headers':
    'Age, ETag, Link, Perennial-As-Of, Perennial-Position, Retry-After, Server-Timing',
  'access-control-max-age': '86400',
}

/**
 * Prevents responses from being executed, framed or content-sniffed. Pages and images that need more set their own
 * policy. HSTS applies to https only (RFC 6797 section 8.1).
 */
const securityHeaders = {
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** All headers of a public answer: its own, and those common to all public answers. */
export const publicHeaders = (own: Record<string, string>): Record<string, string> => ({
  ...securityHeaders,
  ...own,
  ...cors,
})

/** Sets headers on a response, and adds the default security headers that it lacks. */
export const setHeaders = (response: Response, headers: Record<string, string>): Response => {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

/** `live`: about the present. `past`: as of a past instant. `never`: must not be cached. */
export type Freshness = 'live' | 'past' | 'never'

const cacheControl: Record<Freshness, string> = {
  live: 'public, max-age=10, stale-while-revalidate=60',
  past: 'public, max-age=300',
  never: 'no-store',
}

/**
 * The caching headers of a response. By default, Cloudflare's cache serves stale answers for as long as the Worker
 * fails (developers.cloudflare.com/workers/cache/configuration). Its own header, which it removes, limits this to an
 * hour: enough to bridge an outage, and a bound on how long an erased name is shown.
 */
export const cacheHeaders = (freshness: Freshness): Record<string, string> => {
  const control = cacheControl[freshness]
  if (freshness === 'never') return { 'cache-control': control }
  return { 'cache-control': control, 'cloudflare-cdn-cache-control': `${control}, stale-if-error=3600` }
}

/** A weak ETag over a text (RFC 9110 section 8.8.1). The same text gives the same tag. */
export const weakTag = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await digest(text))
  return `W/"${bytes.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}
