import type { ZodMiniType } from 'zod/mini'
import { problemSchema, problemsOf, problemType } from '../../src/openapi/problems.ts'
import { csvType, mediaTypeOf } from '../../src/openapi/responses.ts'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import { isList, type Endpoint, type Route } from '../../src/http/endpoint.ts'
import { routes } from '../../src/routes.ts'

/*
 * What routes promise, held against every answer that a test gets: status, media type, headers and body, to the last
 * property. It throws where an answer is not as promised.
 */

interface Answered {
  status: number
  headers: Headers
  mediaType: string
  text: string
}

/** A route under one of its two addresses. */
interface Address {
  pattern: RegExp
  route: Route
  isCsv: boolean
}

/** As the router has it: slashes at the end make no difference. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/*$`)

const addresses = routes.flatMap((route): Address[] => [
  ...(isList(route) ? [{ pattern: patternOf(`${route.path}.csv`), route, isCsv: true }] : []),
  { pattern: patternOf(route.path), route, isCsv: false },
])

const must = (isAsPromised: boolean, what: string): void => {
  if (!isAsPromised) throw new Error(`Not as promised: ${what}`)
}

const mustMatch = (schema: ZodMiniType, value: unknown): void => {
  const { error } = schema.safeParse(value)
  must(error === undefined, `${error?.message} in ${JSON.stringify(value)}`)
}

const checkProblem = (
  { status, headers, mediaType, text }: Answered,
  allowed: readonly ProblemName[],
): void => {
  must(mediaType === problemType, `${status} with ${mediaType}`)
  const problem = JSON.parse(text)
  mustMatch(problemSchema, problem)
  const name = allowed.find((candidate) => problem.type === `/problems/${candidate}`)
  must(name !== undefined, `the problem ${problem.type} at this address`)
  must(problem.status === status && status === problems[name ?? 'internal'].status, `${status} for ${name}`)
  must(headers.get('cache-control') === 'no-store', 'a problem that caches keep')
  const waits = status === 429 || status === 503
  must(!waits || Number(headers.get('retry-after')) > 0, `${status} without Retry-After`)
}

const checkTable = (text: string, columns: readonly string[]): void => {
  must(text.startsWith(`${columns.join(',')}\r\n`), `the header row of ${text.slice(0, 200)}`)
}

const checkCaching = (headers: Headers, { cached }: Endpoint): void => {
  const kept = headers.get('cache-control') ?? ''
  const promised = cached ? /^public, max-age=(?:10, stale-while-revalidate=60|300)$/ : /^no-store$/
  must(promised.test(kept), `Cache-Control: ${kept}`)
  must(cached === /^W\/"[\w-]+"$/.test(headers.get('etag') ?? ''), `ETag: ${headers.get('etag')}`)
}

const checkBody = ({ mediaType, text }: Answered, endpoint: Endpoint, asCsv: boolean): void => {
  if (endpoint.columns && (asCsv || mediaType === csvType)) {
    must(mediaType === csvType, mediaType)
    checkTable(text, endpoint.columns)
    return
  }
  must(mediaType === mediaTypeOf(endpoint), mediaType)
  const schema = endpoint.format?.schema ?? endpoint.answer
  if (mediaType === 'image/svg+xml') return mustMatch(schema, text)
  const values = mediaType === 'application/x-ndjson' ? text.split('\n').slice(0, -1) : [text]
  for (const value of values) mustMatch(schema, JSON.parse(value))
}

const checkRead = (answered: Answered, method: string, { route, isCsv }: Address): void => {
  const { endpoint } = route
  const { status, mediaType } = answered
  if (!endpoint) return // a page
  if (status === 200 || status === 304) checkCaching(answered.headers, endpoint)
  if (status === 304) return must(endpoint.cached && answered.text === '', '304')
  if (method === 'HEAD') return must(answered.text === '', 'a body for HEAD')
  if (status === 200) return checkBody(answered, endpoint, isCsv)
  if (status === 404 && endpoint.format?.evenNotFound)
    return must(mediaType === mediaTypeOf(endpoint), mediaType)
  checkProblem(answered, problemsOf(route))
}

const checkNothingThere = (answered: Answered, method: string): void => {
  must(answered.status === 404, String(answered.status))
  if (method === 'HEAD') return must(answered.text === '', 'a body for HEAD')
  if (answered.mediaType !== 'text/html') checkProblem(answered, ['not-found'])
}

const check = (path: string, method: string, answered: Answered): void => {
  const address = addresses.find(({ pattern }) => pattern.test(path))
  const { status, headers } = answered
  if (!address) return checkNothingThere(answered, method)
  const { route } = address
  const isTaken = method === route.method || (method === 'HEAD' && route.method === 'GET')
  if (isTaken && status === 308)
    return must(headers.get('cache-control') === 'no-store' && headers.has('location'), 'a redirect')
  if (isTaken) return checkRead(answered, method, address)
  if (method === 'OPTIONS' && route.access === 'public') return must(status === 204, String(status))
  return checkProblem(answered, ['method-not-allowed'])
}

/** A body that ends with an error, as the one that was read did. */
const broken = (error: unknown): ReadableStream =>
  new ReadableStream({ start: (controller) => controller.error(error) })

/** Holds an answer against what its route promises, and gives it back unread. One that breaks off promises nothing. */
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
