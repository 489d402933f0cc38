import { Router } from 'itty-router/Router'
import type { ZodMiniType } from 'zod/mini'
import type { Instant } from '../contributions/instant.ts'
import { LogUnavailable } from '../log/database.ts'
import { answerResponse, type Answer } from './answer.ts'
import { isAuthorized } from './authorization.ts'
import { prefersCsv } from './csv.ts'
import { isProblem, notFound, problemResponse, unavailable, type Problem } from './problem.ts'
import { parseQuery } from './query.ts'
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
}

export type Handler<Query> = (call: Call<Query>) => Promise<Answer | Problem | Response> | Answer | Problem

/** A line of the API's table of contents. */
export interface Route {
  method: 'GET' | 'POST'
  path: string
  handle(call: Call): Promise<Response>
  /** Whether any page on the web may read the answer. */
  shared: boolean
  /** Whether the answer is a list, offered as CSV too. */
  isList: boolean
}

const unauthorized: Problem = {
  problem: 'unauthorized',
  detail: 'Cannot answer: send the header "Authorization: Bearer" with the operator token',
  headers: { 'www-authenticate': 'Bearer' },
}

const respond = async (call: Call, result: Answer | Problem | Response): Promise<Response> => {
  if (result instanceof Response) return result
  if (isProblem(result)) return problemResponse(result)
  const asCsv = call.csvSuffix || prefersCsv(call.request.headers.get('accept'))
  return await answerResponse(call.request, result, asCsv)
}

const read = <Query>(
  path: string,
  handler: Handler<Query>,
  query: ZodMiniType<Query>,
  { method = 'GET' as Route['method'], shared = true, isList = false, isPrivate = false },
): Route => ({
  method,
  path,
  shared,
  isList,
  async handle(call) {
    if (isPrivate && !(await isAuthorized(call.request.headers.get('authorization'), call.env.ADMIN_TOKEN))) {
      return problemResponse(unauthorized)
    }
    const parsed = parseQuery(query, new URL(call.request.url).searchParams)
    if ('problem' in parsed) return problemResponse(parsed)
    return await respond(call, await handler({ ...call, query: parsed.value }))
  },
})

/** A public read: GET and HEAD, from anywhere. */
export const get = <Query>(path: string, handler: Handler<Query>, query: ZodMiniType<Query>): Route =>
  read(path, handler, query, {})

/** A public read of a list, as JSON or as CSV: by `Accept`, or by `.csv` behind the path. */
export const getList = <Query>(path: string, handler: Handler<Query>, query: ZodMiniType<Query>): Route =>
  read(path, handler, query, { isList: true })

/** A read for the operator, who proves it before anything else is looked at: GET and HEAD, not from other sites' pages. */
export const getPrivately = <Query>(
  path: string,
  handler: Handler<Query>,
  query: ZodMiniType<Query>,
): Route => read(path, handler, query, { shared: false, isPrivate: true })

/** An act of the operator, who proves it first. What it takes is in the query; a body is not read. */
export const postPrivately = <Query>(
  path: string,
  handler: Handler<Query>,
  query: ZodMiniType<Query>,
): Route => read(path, handler, query, { method: 'POST', shared: false, isPrivate: true })

/** A message from the site's back end. The body is the handler's to read. */
export const post = (path: string, handler: (call: Call) => Promise<Response>): Route => ({
  method: 'POST',
  path,
  shared: false,
  isList: false,
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
  'access-control-expose-headers': 'ETag, Link, Retry-After, Server-Timing',
  'access-control-max-age': '86400',
}

const withHeaders = (response: Response, headers: Record<string, string>): Response => {
  const copy = new Response(response.body, response)
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value)
  return copy
}

const takeMethod = async (found: Route, call: Call): Promise<Response> => {
  const { method } = call.request
  if (method === found.method || (method === 'HEAD' && found.method === 'GET'))
    return await found.handle(call)
  if (method === 'OPTIONS' && found.shared) return new Response(null, { status: 204 })
  return methodNotAllowed(method, allowed(found.method))
}

/** What could not be foreseen. Its text stays in the log of the Worker: it may hold SQL or somebody's data. */
const failed = (error: unknown): Response => {
  if (error instanceof LogUnavailable) return problemResponse(unavailable('Cannot answer now: ask again'))
  const { name, stack } = error instanceof Error ? error : new Error(String(error))
  console.error({ event: 'unexpected error', name, stack: stack?.split('\n').slice(1).join('\n') })
  return problemResponse({ problem: 'internal', detail: 'Cannot answer: the fault is on this side' })
}

/** The fetch handler of a list of routes: one answer for every request, and never an exception. */
export const createFetch = (
  routes: readonly Route[],
): ((request: Request, env: Env, now: Instant) => Promise<Response>) => {
  const router = Router()
  const add = (path: string, found: Route, csvSuffix: boolean): void => {
    router.all(path, async (matched, request: Request, env: Env, now: Instant) => {
      const timing = new Timing(() => performance.now())
      const call: Call = {
        request,
        env,
        now,
        params: { ...matched.params },
        query: undefined,
        csvSuffix,
        timing,
      }
      const response = await takeMethod(found, call).catch(failed)
      const headers = { 'server-timing': timing.toString(), ...(found.shared && cors) }
      return withHeaders(response, headers)
    })
  }
  for (const found of routes) {
    if (found.isList) add(`${found.path}.csv`, found, true)
    add(found.path, found, false)
  }
  return async (request, env, now) => {
    const response =
      ((await router.fetch(request, request, env, now)) as Response | undefined) ??
      withHeaders(problemResponse(notFound(`Cannot find ${new URL(request.url).pathname}`)), cors)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}
