import { cacheHeaders, type Answer } from './answer.ts'
import { matchesTag, weakTag } from './etag.ts'

/** A page that people look at, rendered. */
export interface Page {
  /** The whole HTML document. */
  document: string
  status: number
  freshness: Answer['freshness']
  /** What stays while the page shows the same, whatever the moment: its tag is over this. */
  lasting: string
  headers?: Record<string, string>
}

/** Everything that a page loads or talks to is this site's own, and nothing runs or styles it from within its HTML. */
const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ')

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
}

/** A page as HTTP, with its policy and its caching; or 304 to a browser that has it already. */
export const pageResponse = async (request: Request, page: Page): Promise<Response> => {
  const { document, status, freshness, lasting } = page
  const headers: Record<string, string> = {
    ...securityHeaders,
    ...cacheHeaders(freshness),
    vary: 'Accept-Language',
    ...page.headers,
  }
  if (status === 200 && freshness !== 'never') {
    const tag = await weakTag(lasting)
    headers['etag'] = tag
    if (matchesTag(request.headers.get('if-none-match'), tag))
      return new Response(null, { status: 304, headers })
  }
  return new Response(document, {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
  })
}
