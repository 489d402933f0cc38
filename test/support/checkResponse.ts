import type { ZodMiniType } from 'zod/mini'
import { problemSchema, problemsOf, problemType } from '../../build/openapi/problems.ts'
import { csvType, mediaTypeOf } from '../../build/openapi/responses.ts'
import { isTemporary, problems, type ProblemName } from '../../src/http/problem.ts'
import { isList, type Endpoint, type Route } from '../../src/http/endpoint.ts'
import { routes } from '../../src/routes.ts'

/*
 * Checks every response that a test gets against what its route documents: status, media type, headers, and every property
 * of the body.
 */

interface ReadResponse {
  status: number
  headers: Headers
  mediaType: string
  text: string
}

/** A route under one of its two paths, with or without `.csv`. */
interface RoutePath {
  pattern: RegExp
  route: Route
  isCsv: boolean
}

/** Like the router, ignores trailing slashes. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/*$`)

const routePaths = routes.flatMap((route): RoutePath[] => [
  ...(isList(route) ? [{ pattern: patternOf(`${route.path}.csv`), route, isCsv: true }] : []),
  { pattern: patternOf(route.path), route, isCsv: false },
])

const assert = (isDocumented: boolean, what: string): void => {
  if (!isDocumented) throw new Error(`Not documented: ${what}`)
}

const assertMatches = (schema: ZodMiniType, value: unknown): void => {
  const { error } = schema.safeParse(value)
  assert(error === undefined, `${error?.message} in ${JSON.stringify(value)}`)
}

const checkProblem = (
  { status, headers, mediaType, text }: ReadResponse,
  allowed: readonly ProblemName[],
): void => {
  assert(mediaType === problemType, `${status} with ${mediaType}`)
  const problem = JSON.parse(text)
  assertMatches(problemSchema, problem)
  const name = allowed.find((candidate) => problem.type === `/problems/${candidate}`)
  assert(name !== undefined, `the problem ${problem.type} at this address`)
  assert(problem.status === status && status === problems[name ?? 'internal'].status, `${status} for ${name}`)
  assert(headers.get('cache-control') === 'no-store', 'a problem that may be cached')
  const mayRetry = status === 429 || status === 503
  assert(!mayRetry || Number(headers.get('retry-after')) > 0, `${status} without Retry-After`)
}

const checkTable = (text: string, columns: readonly string[]): void => {
  assert(text.startsWith(`${columns.join(',')}\r\n`), `the header row of ${text.slice(0, 200)}`)
}

const checkCaching = (headers: Headers, { cached }: Endpoint): void => {
  const cacheControl = headers.get('cache-control') ?? ''
  const documented = cached ? /^public, max-age=(?:10, stale-while-revalidate=60|300)$/ : /^no-store$/
  assert(documented.test(cacheControl), `Cache-Control: ${cacheControl}`)
  assert(cached === /^W\/"[\w-]+"$/.test(headers.get('etag') ?? ''), `ETag: ${headers.get('etag')}`)
}

const checkBody = ({ mediaType, text }: ReadResponse, endpoint: Endpoint, asCsv: boolean): void => {
  if (endpoint.columns && (asCsv || mediaType === csvType)) {
    assert(mediaType === csvType, mediaType)
    checkTable(text, endpoint.columns)
    return
  }
  assert(mediaType === mediaTypeOf(endpoint), mediaType)
  const schema = endpoint.format?.schema ?? endpoint.answer
  if (mediaType === 'image/svg+xml') return assertMatches(schema, text)
  const values = mediaType === 'application/x-ndjson' ? text.split('\n').slice(0, -1) : [text]
  for (const value of values) assertMatches(schema, JSON.parse(value))
}

const checkRead = (response: ReadResponse, method: string, { route, isCsv }: RoutePath): void => {
  const { endpoint } = route
  const { status, mediaType, headers } = response
  if (!endpoint) return // a page
  if (status === 200 || status === 304) checkCaching(response.headers, endpoint)
  if (status === 304) return assert(endpoint.cached && response.text === '', '304')
  if (method === 'HEAD') return assert(response.text === '', 'a body for HEAD')
  if (status === 200) return checkBody(response, endpoint, isCsv)
  if (status === 404 && endpoint.format?.evenNotFound)
    return assert(mediaType === mediaTypeOf(endpoint), mediaType)
  if (endpoint.respondFailure && mediaType === mediaTypeOf(endpoint)) {
    const isDocumented = problemsOf(route).some(
      (name) => isTemporary(name) && problems[name].status === status,
    )
    assert(isDocumented && headers.get('cache-control') === 'no-store', `${status} with ${mediaType}`)
    return
  }
  checkProblem(response, problemsOf(route))
}

const checkUnknownPath = (response: ReadResponse, method: string): void => {
  assert(response.status === 404, String(response.status))
  if (method === 'HEAD') return assert(response.text === '', 'a body for HEAD')
  if (response.mediaType !== 'text/html') checkProblem(response, ['not-found'])
}

const check = (path: string, method: string, response: ReadResponse): void => {
  const routePath = routePaths.find(({ pattern }) => pattern.test(path))
  const { status, headers } = response
  if (!routePath) return checkUnknownPath(response, method)
  const { route } = routePath
  const isTaken = method === route.method || (method === 'HEAD' && route.method === 'GET')
  if (isTaken && status === 308)
    return assert(headers.get('cache-control') === 'no-store' && headers.has('location'), 'a redirect')
  if (isTaken) return checkRead(response, method, routePath)
  if (method === 'OPTIONS' && route.access === 'public') return assert(status === 204, String(status))
  return checkProblem(response, ['method-not-allowed'])
}

/** A body that fails with an error, like the one that was read. */
const broken = (error: unknown): ReadableStream =>
  new ReadableStream({ start: (controller) => controller.error(error) })

/** Throws when a response is not one that its route documents. Returns it unread. A body that breaks off is not checked. */
export const checkResponse = async (request: Request, response: Response): Promise<Response> => {
  const bytes = await response.arrayBuffer().catch(broken)
  if (bytes instanceof ReadableStream) return new Response(bytes, response)
  const { status, headers } = response
  const mediaType = (headers.get('content-type') ?? '').split(';')[0] ?? ''
  const { pathname } = new URL(request.url)
  try {
    check(pathname, request.method, { status, headers, mediaType, text: new TextDecoder().decode(bytes) })
  } catch (error) {
    throw new Error(`${request.method} ${request.url} answered ${status}`, { cause: error })
  }
  return new Response([204, 304].includes(status) ? null : bytes, response)
}
