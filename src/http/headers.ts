/** For what any page on the web may read (fetch.spec.whatwg.org, "CORS protocol"). */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-expose-headers':
    'Age, ETag, Link, Perennial-As-Of, Perennial-Position, Retry-After, Server-Timing',
  'access-control-max-age': '86400',
}

/**
 * Nothing that this site answers is to be run, framed or taken for another type. A page or a picture that needs
 * more brings a policy of its own. HSTS binds on https only (RFC 6797 section 8.1).
 */
const securityHeaders = {
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** Sets headers on an answer, and the site's own policy where it has none of its own. */
export const setHeaders = (response: Response, headers: Record<string, string>): Response => {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}
