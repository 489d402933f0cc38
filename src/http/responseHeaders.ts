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
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `W/"${digest.slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`
}
