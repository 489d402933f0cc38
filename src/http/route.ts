import { configured } from '../configuration.ts'
import { isFailure } from '../failure.ts'
import { withoutNoise } from './address.ts'
import type { Call, Endpoint, Route } from './endpoint.ts'
import { problemResponse } from './problem.ts'
import { parseQuery } from './query.ts'
import { isAuthorized, prefers } from './requestHeaders.ts'
import { respond } from './respond.ts'

const handle = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const handled = await endpoint.handle(call)
  if (handled instanceof Response) return handled
  if (isFailure(handled)) return problemResponse(handled)
  const asCsv = call.csvSuffix || prefers(call.request.headers.get('accept'), 'text/csv')
  return await respond(call.request, handled, asCsv ? endpoint.columns : undefined)
}

const handleQuery = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const query = parseQuery(endpoint.query, new URL(call.request.url).searchParams)
  return isFailure(query) ? problemResponse(query) : await handle({ ...call, query: query.value }, endpoint)
}

const handleForOperator = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const { request, env } = call
  const token = configured(env, 'ADMIN_TOKEN')
  const isOperator = await isAuthorized(request.headers.get('authorization'), token)
  return isOperator ? await handleQuery(call, endpoint) : problemResponse({ failure: 'unauthorized' })
}

/** A public read: GET and HEAD, from any page on the web. */
export const get = (path: string, endpoint: Endpoint): Route => ({
  method: 'GET',
  path,
  access: 'public',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handleQuery(call, endpoint),
})

/** A message from the site's back end, which is signed without its query: parameters are ignored. */
export const post = (path: string, endpoint: Endpoint): Route => ({
  method: 'POST',
  path,
  access: 'site',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handle(call, endpoint),
})

/** A read for the operator, whose token is checked first: GET and HEAD. */
export const operatorGet = (path: string, endpoint: Endpoint): Route => ({
  method: 'GET',
  path,
  access: 'operator',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handleForOperator(call, endpoint),
})

/** An action of the operator, whose token is checked first. Its parameters are in the query; a body is ignored. */
export const operatorPost = (path: string, endpoint: Endpoint): Route => ({
  ...operatorGet(path, endpoint),
  method: 'POST',
})
