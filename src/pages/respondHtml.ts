import { matchesTag, cacheHeaders, weakTag, type Freshness } from '../http/headers.ts'

/** A rendered page. */
export interface Page {
  /** The whole HTML document. */
  document: string
  status: number
  freshness: Freshness
  /** What the ETag covers: changes only if the page shows something else. */
  stable: string
  /** Other origins from which the page may load images. */
  pictureOrigins?: readonly string[]
  headers?: Record<string, string>
}

/** Everything except images must come from this site. No inline scripts or styles. */
const contentSecurityPolicy = (pictureOrigins: readonly string[]): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src ${["'self'", 'data:', ...pictureOrigins].join(' ')}`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')

const securityHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
}

/** Converts a page to an HTTP response with security and caching headers; 304 if the browser already has it. */
export const respondHtml = async (request: Request, page: Page): Promise<Response> => {
  const { document, status, freshness, stable, pictureOrigins = [] } = page
  const headers: Record<string, string> = {
    ...securityHeaders,
    'content-security-policy': contentSecurityPolicy(pictureOrigins),
    ...cacheHeaders(freshness),
    vary: 'Accept-Language',
    ...page.headers,
  }
  if (status === 200 && freshness !== 'never') {
    const tag = await weakTag(stable)
    headers['etag'] = tag
    if (matchesTag(request.headers.get('if-none-match'), tag))
      return new Response(null, { status: 304, headers })
  }
  return new Response(document, {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
  })
}
