import { Router } from 'itty-router/Router'
import type { Instant } from '../contributions/instant.ts'
import { cors, setHeaders } from './headers.ts'
import { notFound } from '../failure.ts'
import { movedTo } from './address.ts'
import { isList, type Call, type RespondFailure, type Route } from './endpoint.ts'
import { problemResponse } from './problem.ts'
import { checkRateLimit, type LimitName } from './rateLimit.ts'
import { reportUnexpected } from './reportUnexpected.ts'
import { logRequest, Timing } from './requestLog.ts'

const allowed = (method: Route['method']): string => (method === 'GET' ? 'GET, HEAD' : method)

/** The limit that every request to a route counts against. The webhook itself counts only invalid signatures. */
const limitOf: Record<Route['access'], LimitName | undefined> = {
  public: 'reads',
  page: 'reads',
  operator: 'operator attempts',
  site: undefined,
}

/** A request comes from outside, or from a page of this site, which has been counted and logged itself. */
type Origin = 'caller' | 'page'

/** The request of a page for its own data: a scan that it needs counts against the page's reader. */
const onBehalfOf = (request: Request, path: string): Request => {
  const network = request.headers.get('cf-connecting-ip')
  const headers = network === null ? {} : { 'cf-connecting-ip': network }
  return new Request(new URL(path, request.url), { headers })
}

/** Redirects to the one address of an answer. Not cached, because an address may get another meaning later. */
const redirect = (location: string): Response =>
  new Response(null, { status: 308, headers: { location, 'cache-control': 'no-store' } })

const handleMethod = async (
  found: Route,
  call: Call,
  origin: Origin,
  respondFailure: RespondFailure,
): Promise<Response> => {
  const { method } = call.request
  if (method === found.method || (method === 'HEAD' && found.method === 'GET')) {
    if (origin === 'page') return await found.handle(call)
    const location = found.method === 'GET' ? movedTo(call.request.url, found.canonical) : undefined
    if (location !== undefined) return redirect(location)
    const limit = limitOf[found.access]
    const tooMany = limit && (await checkRateLimit(limit, call))
    return tooMany ? await respondFailure(call.request, tooMany) : await found.handle(call)
  }
  if (method === 'OPTIONS' && found.access === 'public') return new Response(null, { status: 204 })
  return problemResponse({ failure: 'method-not-allowed', method, allow: allowed(found.method) })
}

/** The router gets no query: it would parse it, in time quadratic in a parameter's repetitions. */
const withoutQuery = ({ method, url }: Request): { method: string; url: string } => {
  const { origin, pathname } = new URL(url)
  return { method, url: origin + pathname }
}

const respondInJson: RespondFailure = async (_, failure) => problemResponse(failure)

/** Falls back to JSON where a failure cannot be shown in the caller's format. */
const withFallback =
  (respondFailure: RespondFailure): RespondFailure =>
  async (request, failure) => {
    try {
      return await respondFailure(request, failure)
    } catch (error) {
      return problemResponse(reportUnexpected(error))
    }
  }

/**
 * The fetch handler of a list of routes: one response for every request, and never an exception. `respondNotFound` answers
 * requests that no route matches.
 */
export const createFetch = (
  routes: readonly Route[],
  respondNotFound: RespondFailure = respondInJson,
): ((request: Request, env: Env, now: Instant) => Promise<Response>) => {
  const router = Router()
  const add = (path: string, found: Route, csvSuffix: boolean): void => {
    router.all(path, async (matched, request: Request, env: Env, now: Instant, origin: Origin) => {
      const timing = new Timing(() => performance.now())
      const call: Call = {
        request,
        env,
        now,
        params: { ...matched.params },
        query: undefined,
        csvSuffix,
        timing,
        fetchSelf: async (address) => answer(onBehalfOf(request, address), env, now, 'page'),
      }
      const respondFailure = withFallback(found.respondFailure ?? respondInJson)
      const response = await handleMethod(found, call, origin, respondFailure).catch(async (error: unknown) =>
        respondFailure(request, reportUnexpected(error)),
      )
      if (origin === 'caller')
        logRequest({ method: request.method, route: found.path, status: response.status, timing })
      return setHeaders(response, {
        'server-timing': timing.toString(),
        ...(found.access === 'public' && cors),
      })
    })
  }
  for (const found of routes) {
    if (isList(found)) add(`${found.path}.csv`, found, true)
    add(found.path, found, false)
  }
  const answerUnknown = async (request: Request): Promise<Response> => {
    const response = await withFallback(respondNotFound)(
      request,
      notFound(`Cannot find ${new URL(request.url).pathname}`),
    )
    logRequest({ method: request.method, route: null, status: response.status })
    return setHeaders(response, cors)
  }
  const answer = async (request: Request, env: Env, now: Instant, origin: Origin): Promise<Response> => {
    const response =
      ((await router.fetch(withoutQuery(request), request, env, now, origin)) as Response | undefined) ??
      (await answerUnknown(request))
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
  return async (request, env, now) => answer(request, env, now, 'caller')
}
