import type { Instant } from '../contributions/instant.ts'
import { configured } from '../configuration.ts'
import { withoutNoise, type Canonical } from './address.ts'
import { prefers } from './answers/accept.ts'
import { answerResponse, type Answer } from './answers/answer.ts'
import { isAuthorized } from './authorization.ts'
import type { Operation } from './openapi/operation.ts'
import { isProblem, problemResponse, type Problem } from './problem.ts'
import { parseQuery } from './query.ts'
import type { Limited } from './rateLimit.ts'
import type { Timing } from './timing.ts'

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
export type Refuse = (request: Request, problem: Problem) => Promise<Response>

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
  /** Which part of a query makes an answer; every other query that says the same is redirected to it. */
  canonical: Canonical
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
  canonical: withoutNoise,
  operation,
  limited: isPrivate ? 'operator attempts' : 'reads',
  async handle(call) {
    if (isPrivate) {
      const token = configured(call.env, 'ADMIN_TOKEN')
      const { headers } = call.request
      if (!(await isAuthorized(headers.get('authorization'), token))) return problemResponse(unauthorized)
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
  canonical: withoutNoise,
  operation,
  handle: handler,
})
