import type { Instant } from '../contributions/instant.ts'
import { notFound } from '../failure.ts'
import type { AnswerMemory, SentAnswer } from '../memory/AnswerMemory.ts'
import { isList, type Call, type Canonical, type RespondFailure, type Route } from './endpoint.ts'
import { cors, setHeaders } from './headers.ts'
import { problemResponse } from './problem.ts'
import { checkRateLimit, type LimitName } from './rateLimit.ts'
import { reportUnexpected } from './reportUnexpected.ts'
import { logRequest, Timing } from './requestLog.ts'

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

/** Redirects to the canonical address. Not cached, because the meaning of an address may change later. */
const redirect = (location: string): Response =>
  new Response(null, { status: 308, headers: { location, 'cache-control': 'no-store' } })

/**
 * The canonical address of a request: without trailing slashes, and with the canonical query. undefined if the request
 * is already canonical. Caches store an answer per address, so the number of addresses must be limited.
 */
const movedTo = (url: Readonly<URL>, canonical: Canonical): string | undefined => {
  const { origin, pathname, search, href, hash } = url
  const path = pathname.replace(/\/+$/, '') || '/'
  const query = canonical(search)
  const address = query === '' ? path : `${path}?${query}`
  return href === origin + address + hash ? undefined : address
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
    const location = found.method === 'GET' ? movedTo(call.url, found.canonical) : undefined
    if (location !== undefined) return redirect(location)
    const limit = limitOf[found.access]
    const tooMany = limit && (await checkRateLimit(limit, call))
    return tooMany ? await respondFailure(call.request, tooMany) : await found.handle(call)
  }
  if (method === 'OPTIONS' && found.access === 'public') return new Response(null, { status: 204 })
  return problemResponse({ failure: 'method-not-allowed', method, allow: allowed(found.method) })
}

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

/** One of the addresses of a route. */
interface Address {
  /** Matches the path, with or without trailing slashes. */
  pattern: RegExp
  found: Route
  csvSuffix: boolean
}

const addressOf = (path: string, found: Route, csvSuffix: boolean): Address => {
  const pattern = path
    .replace(/\/$/, '')
    .replaceAll('.', '\\.')
    .replaceAll(/:(\w+)/g, '(?<$1>[^/]+?)')
  return { pattern: new RegExp(`^${pattern}/*$`), found, csvSuffix }
}

const addressesOf = (found: Route): Address[] => [
  ...(isList(found) ? [addressOf(`${found.path}.csv`, found, true)] : []),
  addressOf(found.path, found, false),
]

/** The part of ExecutionContext that the fetch handler uses. */
type Background = Pick<ExecutionContext, 'waitUntil'>

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

  const answerRoute = async (
    { found, csvSuffix }: Address,
    call: Omit<Call, 'csvSuffix' | 'timing' | 'fetchSelf' | 'remember'>,
    origin: Origin,
  ): Promise<Response> => {
    const { request, env, now } = call
    const timing = new Timing(() => performance.now())
    const fetchSelf = async (path: string): Promise<Response> =>
      answer(onBehalfOf(request, path), env, now, 'page')
    const remember = memory && ((sent: SentAnswer): void => memory.keep(request.url, now, sent))
    const respondFailure = withFallback(found.respondFailure ?? respondInJson)
    const response = await handleMethod(
      found,
      { ...call, csvSuffix, timing, fetchSelf, remember },
      origin,
      respondFailure,
    ).catch(async (error: unknown) => respondFailure(request, reportUnexpected(error)))
    if (origin === 'caller')
      logRequest({ method: request.method, route: found.path, status: response.status, timing })
    return setHeaders(response, {
      'server-timing': timing.toString(),
      ...(found.access === 'public' && cors),
    })
  }

  const answerUnknown = async (request: Request, url: URL): Promise<Response> => {
    const failure = notFound(`Cannot find ${url.pathname}`)
    const response = await withFallback(respondNotFound)(request, failure)
    logRequest({ method: request.method, route: null, status: response.status })
    return setHeaders(response, cors)
  }

  const answerFresh = async (request: Request, env: Env, now: Instant, origin: Origin): Promise<Response> => {
    const url = new URL(request.url)
    for (const address of addresses) {
      const matched = address.pattern.exec(url.pathname)
      if (matched === null) continue
      const params = { ...matched.groups }
      return await answerRoute(address, { request, url, env, now, params, query: undefined }, origin)
    }
    return await answerUnknown(request, url)
  }

  const answer = async (request: Request, env: Env, now: Instant, origin: Origin): Promise<Response> => {
    const respondFromMemory = isRead(request) ? memory?.find(request, request.url, now) : undefined
    // Only answers to public reads are kept. If the caller is over the limit, the route answers 429 and logs the
    // request.
    if (respondFromMemory && (origin === 'page' || !(await checkRateLimit('reads', { request, env }))))
      return respondFromMemory()
    const response = await answerFresh(request, env, now, origin)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  return async (request, env, now, background) => {
    const responding = answer(request, env, now, 'caller')
    const following = isRead(request) ? memory?.followLog(env.DB, now) : undefined
    if (following) background?.waitUntil(following.catch((error: unknown) => void reportUnexpected(error)))
    return await responding
  }
}
