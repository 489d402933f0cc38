import { Router } from 'itty-router/Router'
import type { Instant } from '../contributions/instant.ts'
import { LogUnavailable } from '../log/database.ts'
import { prefers } from './accept.ts'
import { answerResponse, type Answer } from './answer.ts'
import { isAuthorized } from './authorization.ts'
import type { Operation } from './openapi/operation.ts'
import { isProblem, notFound, problemResponse, unavailable, type Problem } from './problem.ts'
import { parseQuery } from './query.ts'
import { countAgainst, type Limited } from './rateLimit.ts'
import { logRequest } from './requestLog.ts'
import { Timing } from './timing.ts'

/** One request, read at the door: what a handler may use. */
export interface Call<Query = unknown> {
  request: Request
  env: Env
  now: Instant
  params: Record<string, string>
  query: Query
  /** The address ended in `.csv`. */
  csvSuffix: boolean
  timing: Timing
  /** Asks this site's own public API for a path, as any client could, without leaving the Worker. */
  ask(path: string): Promise<Response>
}

type Result<Body> = Answer<Body> | Problem | Response

export type Handler<Query, Body> = (call: Call<Query>) => Promise<Result<Body>> | Result<Body>

/** The handler of an operation: it takes what the query's schema reads, and answers what the answer's schema says. */
export type HandlerOf<Described> =
  Described extends Operation<infer Query, infer Body> ? Handler<Query, Body> : never

/** How a problem is told to a caller. */
type Refuse = (request: Request, problem: Problem) => Promise<Response>

/** A line of the API's table of contents. */
export interface Route {
  method: 'GET' | 'POST'
  path: string
  handle(call: Call): Promise<Response>
  /** Whether any page on the web may read the answer. */
  shared: boolean
  /** Whether only the operator may ask. */
  isPrivate: boolean
  /** Whether the answer is a list, offered as CSV too. */
  isList: boolean
  /** What every request counts as; undefined where the handler decides. */
  limited: Limited | undefined
  /** What callers are promised; undefined for a page. */
  operation: Operation | undefined
  /** How a fault on this side is told, where it is not told as a problem in JSON. */
  refuse?: Refuse
}

const unauthorized: Problem = {
  problem: 'unauthorized',
  detail: 'Cannot answer: send the header "Authorization: Bearer" with the operator token',
  headers: { 'www-authenticate': 'Bearer' },
}

const respond = async (
  call: Call,
  result: Result<Answer['body']>,
  columns: Operation['columns'],
): Promise<Response> => {
  if (result instanceof Response) return result
  if (isProblem(result)) return problemResponse(result)
  const asCsv = call.csvSuffix || prefers(call.request.headers.get('accept'), 'text/csv')
  return await answerResponse(call.request, result, asCsv ? columns : undefined)
}

const read = <Query, Body extends Answer['body']>(
  path: string,
  handler: Handler<Query, NoInfer<Body>>,
  operation: Operation<Query, Body>,
  { method = 'GET' as Route['method'], isPrivate = false },
): Route => ({
  method,
  path,
  shared: !isPrivate,
  isPrivate,
  isList: operation.columns !== undefined,
  operation,
  limited: isPrivate ? 'operator attempts' : 'reads',
  async handle(call) {
    if (isPrivate && !(await isAuthorized(call.request.headers.get('authorization'), call.env.ADMIN_TOKEN))) {
      return problemResponse(unauthorized)
    }
    const parsed = parseQuery(operation.query, new URL(call.request.url).searchParams)
    if ('problem' in parsed) return problemResponse(parsed)
    return await respond(call, await handler({ ...call, query: parsed.value }), operation.columns)
  },
})

/**
 * A public read: GET and HEAD, from anywhere. One whose operation has columns is a list, as JSON or as CSV: by
 * `Accept`, or by `.csv` behind the path.
 */
export const get = <Query, Body extends Answer['body']>(
  path: string,
  handler: Handler<Query, NoInfer<Body>>,
  operation: Operation<Query, Body>,
): Route => read(path, handler, operation, {})

/** A read for the operator, who proves it before anything else is looked at: GET and HEAD, not from other sites' pages. */
export const getPrivately = <Query, Body extends Answer['body']>(
  path: string,
  handler: Handler<Query, NoInfer<Body>>,
  operation: Operation<Query, Body>,
): Route => read(path, handler, operation, { isPrivate: true })

/** An act of the operator, who proves it first. What it takes is in the query; a body is not read. */
export const postPrivately = <Query, Body extends Answer['body']>(
  path: string,
  handler: Handler<Query, NoInfer<Body>>,
  operation: Operation<Query, Body>,
): Route => read(path, handler, operation, { method: 'POST', isPrivate: true })

/** A message from the site's back end. The body is the handler's to read. */
export const post = (
  path: string,
  handler: (call: Call) => Promise<Response>,
  operation: Operation,
): Route => ({
  method: 'POST',
  path,
  shared: false,
  isPrivate: false,
  isList: false,
  limited: undefined,
  operation,
  handle: handler,
})

const allowed = (method: Route['method']): string => (method === 'GET' ? 'GET, HEAD' : method)

const methodNotAllowed = (method: string, allow: string): Response =>
  problemResponse({
    problem: 'method-not-allowed',
    detail: `Cannot ${method} this address: use ${allow}`,
    headers: { allow },
  })

const cors = {
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

const setHeaders = (response: Response, headers: Record<string, string>): Response => {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

/** Who asks: somebody outside, or a page of this site that shows the answer, and has been counted and logged itself. */
type Asker = 'caller' | 'page'

/** A page's own question: a scan that it needs counts against whoever looks at the page. */
const onBehalfOf = (request: Request, path: string): Request => {
  const network = request.headers.get('cf-connecting-ip')
  const headers = network === null ? {} : { 'cf-connecting-ip': network }
  return new Request(new URL(path, request.url), { headers })
}

const takeMethod = async (found: Route, call: Call, asker: Asker, refuse: Refuse): Promise<Response> => {
  const { method } = call.request
  if (method === found.method || (method === 'HEAD' && found.method === 'GET')) {
    const tooMany = asker === 'caller' && found.limited && (await countAgainst(found.limited, call))
    return tooMany ? await refuse(call.request, tooMany) : await found.handle(call)
  }
  if (method === 'OPTIONS' && found.shared) return new Response(null, { status: 204 })
  return methodNotAllowed(method, allowed(found.method))
}

/** What the router looks at. It would read the query too, in time that is squared by a parameter's repetitions. */
const withoutQuery = ({ method, url }: Request): { method: string; url: string } => {
  const { origin, pathname } = new URL(url)
  return { method, url: origin + pathname }
}

/** What could not be foreseen. Its text goes nowhere, not even to the log: it may hold SQL or somebody's data. */
const faultOf = (error: unknown): Problem => {
  if (error instanceof LogUnavailable) return unavailable('Cannot answer now: ask again')
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  // The stack begins with the message, which may have lines of its own.
  const frames = stack?.replace(message, () => '').match(/^ +at .*$/gm)
  console.error(JSON.stringify({ event: 'unexpected error', name, stack: frames?.join('\n') }))
  return { problem: 'internal', detail: 'Cannot answer: the fault is on this side' }
}

const refuseInJson: Refuse = async (_, problem) => problemResponse(problem)

/**
 * The fetch handler of a list of routes: one answer for every request, and never an exception. `refuseUnknown` tells a
 * caller that nothing is where they looked.
 */
export const createFetch = (
  routes: readonly Route[],
  refuseUnknown: Refuse = refuseInJson,
): ((request: Request, env: Env, now: Instant) => Promise<Response>) => {
  const router = Router()
  const add = (path: string, found: Route, csvSuffix: boolean): void => {
    router.all(path, async (matched, request: Request, env: Env, now: Instant, asker: Asker) => {
      const timing = new Timing(() => performance.now())
      const call: Call = {
        request,
        env,
        now,
        params: { ...matched.params },
        query: undefined,
        csvSuffix,
        timing,
        ask: async (asked) => answer(onBehalfOf(request, asked), env, now, 'page'),
      }
      const refuse = found.refuse ?? refuseInJson
      const response = await takeMethod(found, call, asker, refuse).catch(async (error: unknown) =>
        refuse(request, faultOf(error)),
      )
      if (asker === 'caller')
        logRequest({ method: request.method, route: found.path, status: response.status, timing })
      return setHeaders(response, { 'server-timing': timing.toString(), ...(found.shared && cors) })
    })
  }
  for (const found of routes) {
    if (found.isList) add(`${found.path}.csv`, found, true)
    add(found.path, found, false)
  }
  const answerUnknown = async (request: Request): Promise<Response> => {
    const response = await refuseUnknown(request, notFound(`Cannot find ${new URL(request.url).pathname}`))
    logRequest({ method: request.method, route: null, status: response.status })
    return setHeaders(response, cors)
  }
  const answer = async (request: Request, env: Env, now: Instant, asker: Asker): Promise<Response> => {
    const response =
      ((await router.fetch(withoutQuery(request), request, env, now, asker)) as Response | undefined) ??
      (await answerUnknown(request))
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
  return async (request, env, now) => answer(request, env, now, 'caller')
}
