import type { Instant } from '../contributions/instant.ts'
import { notFound } from '../failure.ts'
import type { AnswerMemory, SentAnswer } from '../memory/AnswerMemory.ts'
import {
  addressesOf,
  type Address,
  type Call,
  type RespondFailure,
  type Route,
  type Timing,
} from './endpoint.ts'
import { cors, setHeaders } from './headers.ts'
import { problemResponse, reportUnexpected } from './problem.ts'
import { checkRateLimit, type LimitName } from './rateLimit.ts'
import { redirectToCanonical } from './route.ts'

const allowed = (method: Route['method']): string => (method === 'GET' ? 'GET, HEAD' : method)

/** The limit that a request counts against. Webhooks count only if the signature is invalid. */
const limitOf: Record<Route['access'], LimitName | undefined> = {
  public: 'reads',
  page: 'reads',
  operator: 'operator attempts',
  site: undefined,
}

/** Where a request comes from: outside, or a page of this site, whose own request has already been counted and logged. */
type Origin = 'caller' | 'page'

/** A page's request for its data. Scans count against the network of the page's reader. */
const onBehalfOf = (request: Request, path: string): Request => {
  const network = request.headers.get('cf-connecting-ip')
  const headers = network === null ? {} : { 'cf-connecting-ip': network }
  return new Request(new URL(path, request.url), { headers })
}

const handleMethod = async (
  found: Route,
  call: Call,
  origin: Origin,
  respondFailure: RespondFailure,
): Promise<Response> => {
  const { method } = call.request
  if (method === found.method || (method === 'HEAD' && found.method === 'GET')) {
    if (origin === 'page') return await found.handle(call)
    const redirect = found.method === 'GET' ? redirectToCanonical(call.url, found.canonical) : undefined
    if (redirect) return redirect
    const limit = limitOf[found.access]
    const tooMany = limit && (await checkRateLimit(limit, call))
    return tooMany ? await respondFailure(call.request, tooMany) : await found.handle(call)
  }
  if (method === 'OPTIONS' && found.access === 'public') return new Response(null, { status: 204 })
  return problemResponse({ failure: 'method-not-allowed', method, allow: allowed(found.method) })
}

/**
 * Measures where a request spends its time, for the Server-Timing header. The platform's clock advances only with I/O,
 * so waits are exact and the time between them is a lower bound.
 */
class RequestTiming implements Timing {
  #now: () => number
  #began: number
  #parts = new Map<string, number>()

  /** `now` returns milliseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#began = now()
  }

  async time<Value>(part: 'log' | 'object', waited: Promise<Value>): Promise<Value> {
    const began = this.#now()
    try {
      return await waited
    } finally {
      this.#parts.set(part, (this.#parts.get(part) ?? 0) + this.#now() - began)
    }
  }

  /** Milliseconds by part; the remaining time is `render`. */
  parts(): Record<string, number> {
    const waited = [...this.#parts.values()].reduce((sum, duration) => sum + duration, 0)
    return { ...Object.fromEntries(this.#parts), render: Math.max(0, this.#now() - this.#began - waited) }
  }
}

const serverTiming = (parts: Record<string, number>): string =>
  Object.entries(parts)
    .map(([part, duration]) => `${part};dur=${duration}`)
    .join(', ')

/**
 * Logs a request as one line of JSON, so that Cloudflare's log search can filter by field: never the user it is about,
 * the caller, or the parameters. `route` is the route's pattern, null if no route matched; `parts` are the milliseconds
 * that it took.
 */
const logRequest = (
  method: string,
  route: string | null,
  status: number,
  parts?: Readonly<Record<string, number>>,
): void => {
  const line = JSON.stringify({ event: 'request', method, route, status, ...parts })
  if (status >= 500) console.error(line)
  else console.log(line)
}

/** How often the number of requests is logged. */
const countMilliseconds = 10_000

/**
 * Counts requests instead of logging each, because a log line takes longer than answering many of them. Logs the count
 * at most every ten seconds, when the next request arrives.
 */
class RequestCount {
  #event: string
  #count = 0
  #loggedAt: Instant = -Infinity

  constructor(event: string) {
    this.#event = event
  }

  add(now: Instant): void {
    this.#count += 1
    if (Math.abs(now - this.#loggedAt) < countMilliseconds) return
    console.log(JSON.stringify({ event: this.#event, requests: this.#count }))
    this.#count = 0
    this.#loggedAt = now
  }
}

/** A webhook that takes longer than this has its own log line. */
const promptMilliseconds = 1000

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'

const respondInJson: RespondFailure = async (_, failure) => problemResponse(failure)

/** Falls back to JSON if `respondFailure` throws. */
const withFallback =
  (respondFailure: RespondFailure): RespondFailure =>
  async (request, failure) => {
    try {
      return await respondFailure(request, failure)
    } catch (error) {
      return problemResponse(reportUnexpected(error))
    }
  }

/** The part of ExecutionContext that the fetch handler uses. */
type Background = Pick<ExecutionContext, 'waitUntil'>

/** What a request arrives with. */
interface Arrival extends Pick<Call, 'env' | 'now' | 'runInBackground'> {
  origin: Origin
}

/**
 * Creates the fetch handler for a list of routes. It never throws. `respondNotFound` answers requests that no route
 * matches. If a `memory` is given, answers are reused from it while they are valid.
 */
export const createFetch = (
  routes: readonly Route[],
  respondNotFound: RespondFailure = respondInJson,
  memory?: AnswerMemory,
): ((request: Request, env: Env, now: Instant, background?: Background) => Promise<Response>) => {
  const addresses = routes.flatMap(addressesOf)
  const accepted = new RequestCount('webhooks accepted')
  const answeredFromMemory = new RequestCount('answered from memory')
  /** When this isolate last wrote to the log. */
  let writtenAt: Instant = -Infinity

  const answerRoute = async (
    { found, csvSuffix }: Address,
    call: Pick<Call, 'request' | 'url' | 'params'>,
    { origin, ...arrival }: Arrival,
  ): Promise<Response> => {
    const { request } = call
    const timing = new RequestTiming(() => performance.now())
    const fetchSelf = async (path: string): Promise<Response> =>
      answer(onBehalfOf(request, path), { ...arrival, origin: 'page' })
    const remember = memory && ((sent: SentAnswer): void => memory.keep(request.url, arrival.now, sent))
    // A page also shows a calendar and a list, which come from the counter, and its totals should be of the same state.
    const logCounts = origin === 'page' ? undefined : memory?.logCounts
    const respondFailure = withFallback(found.respondFailure ?? respondInJson)
    const response = await handleMethod(
      found,
      { ...call, ...arrival, query: undefined, csvSuffix, timing, fetchSelf, remember, logCounts },
      origin,
      respondFailure,
    ).catch(async (error: unknown) => respondFailure(request, reportUnexpected(error)))
    const parts = timing.parts()
    if (found.access === 'site' && response.ok) writtenAt = Date.now()
    const isPrompt = Object.values(parts).every((milliseconds) => milliseconds < promptMilliseconds)
    if (found.access === 'site' && response.status === 200 && isPrompt) accepted.add(arrival.now)
    else if (origin === 'caller') logRequest(request.method, found.path, response.status, parts)
    return setHeaders(response, {
      'server-timing': serverTiming(parts),
      ...(found.access === 'public' && cors),
    })
  }

  const answerUnknown = async (request: Request, url: URL): Promise<Response> => {
    const failure = notFound(`Cannot find ${url.pathname}`)
    const response = await withFallback(respondNotFound)(request, failure)
    logRequest(request.method, null, response.status)
    return setHeaders(response, cors)
  }

  const answerFresh = async (request: Request, arrival: Arrival): Promise<Response> => {
    const url = new URL(request.url)
    for (const address of addresses) {
      const matched = address.pattern.exec(url.pathname)
      if (matched === null) continue
      return await answerRoute(address, { request, url, params: { ...matched.groups } }, arrival)
    }
    return await answerUnknown(request, url)
  }

  const answer = async (request: Request, arrival: Arrival): Promise<Response> => {
    const { env, now, origin } = arrival
    const respondFromMemory = isRead(request) ? memory?.find(request, request.url, now, writtenAt) : undefined
    // Only answers to public reads are kept. If the caller is over the limit, the route answers 429 and logs the
    // request.
    if (respondFromMemory && (origin === 'page' || !(await checkRateLimit('reads', { request, env })))) {
      answeredFromMemory.add(now)
      return respondFromMemory()
    }
    const response = await answerFresh(request, arrival)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  return async (request, env, now, background) => {
    const runInBackground = (work: Promise<void>): void => {
      const reported = work.catch((error: unknown) => void reportUnexpected(error))
      background?.waitUntil(reported)
    }
    const responding = answer(request, { env, now, origin: 'caller', runInBackground })
    const following = isRead(request) ? memory?.followLog(env.DB, now) : undefined
    if (following) runInBackground(following)
    return await responding
  }
}
