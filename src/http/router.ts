import { Router } from 'itty-router/Router'
import type { Instant } from '../contributions/instant.ts'
import { movedTo } from './address.ts'
import { faultOf } from './fault.ts'
import { cors, setHeaders } from './answers/headers.ts'
import { notFound, problemResponse } from './problem.ts'
import { countAgainst } from './rateLimit.ts'
import { logRequest } from './requestLog.ts'
import type { Call, Refuse, Route } from './route.ts'
import { Timing } from './timing.ts'

const allowed = (method: Route['method']): string => (method === 'GET' ? 'GET, HEAD' : method)

const methodNotAllowed = (method: string, allow: string): Response =>
  problemResponse({
    problem: 'method-not-allowed',
    detail: `Cannot ${method} this address: use ${allow}`,
    headers: { allow },
  })

/** Who asks: somebody outside, or a page of this site that shows the answer, and has been counted and logged itself. */
type Asker = 'caller' | 'page'

/** A page's own question: a scan that it needs counts against whoever looks at the page. */
const onBehalfOf = (request: Request, path: string): Request => {
  const network = request.headers.get('cf-connecting-ip')
  const headers = network === null ? {} : { 'cf-connecting-ip': network }
  return new Request(new URL(path, request.url), { headers })
}

/** Sends a reader on to the one address of an answer. It is not kept, so that an address may mean more one day. */
const redirect = (location: string): Response =>
  new Response(null, { status: 308, headers: { location, 'cache-control': 'no-store' } })

const takeMethod = async (found: Route, call: Call, asker: Asker, refuse: Refuse): Promise<Response> => {
  const { method } = call.request
  if (method === found.method || (method === 'HEAD' && found.method === 'GET')) {
    if (asker === 'page') return await found.handle(call)
    const location = found.method === 'GET' ? movedTo(call.request.url, found.canonical) : undefined
    if (location !== undefined) return redirect(location)
    const tooMany = found.limited && (await countAgainst(found.limited, call))
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

const refuseInJson: Refuse = async (_, problem) => problemResponse(problem)

/** Refuses in the caller's format; what cannot be shown in it is refused in JSON. */
const surely =
  (refuse: Refuse): Refuse =>
  async (request, problem) => {
    try {
      return await refuse(request, problem)
    } catch (error) {
      return problemResponse(faultOf(error))
    }
  }

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
      const refuse = surely(found.refuse ?? refuseInJson)
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
    const response = await surely(refuseUnknown)(
      request,
      notFound(`Cannot find ${new URL(request.url).pathname}`),
    )
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
