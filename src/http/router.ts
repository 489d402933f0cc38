import type { Instant } from '../contributions/instant.ts'
import { notFound } from '../failure.ts'
import type { AnswerMemory, SentAnswer } from '../memory/AnswerMemory.ts'
import { addressesOf, type Address, type Call, type RespondFailure, type Route } from './endpoint.ts'
import { cacheHeaders, cors, setHeaders } from './headers.ts'
import { problemResponse, reportUnexpected } from './problem.ts'
import { checkRateLimit, type LimitName } from './rateLimit.ts'
import { logRequest, RequestCount, RequestTiming, serverTiming } from './requestLog.ts'
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
  if (method === 'OPTIONS' && found.access === 'public')
    return new Response(null, { status: 204, headers: cacheHeaders('never') })
  return problemResponse({ failure: 'method-not-allowed', method, allow: allowed(found.method) })
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
