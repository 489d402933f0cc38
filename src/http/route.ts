import type { ZodMiniType } from 'zod/mini'
import { configured } from '../configuration.ts'
import { isFailure, quote, type ParameterIssue, type Result } from '../failure.ts'
import type { Call, Canonical, Endpoint, Route } from './endpoint.ts'
import { isAuthorized, prefers } from './headers.ts'
import { problemResponse } from './problem.ts'
import { respond } from './respond.ts'

/** Adds the rejected value to each issue; the schema's message says what is allowed. */
const issuesOf = (
  issues: readonly {
    code?: string
    path: readonly PropertyKey[]
    message: string
    input?: unknown
    keys?: string[]
  }[],
): ParameterIssue[] =>
  issues.flatMap((issue) => {
    if (issue.keys) return issue.keys.map((parameter) => ({ parameter, detail: 'Unknown parameter' }))
    return [
      {
        parameter: String(issue.path[0]),
        detail: `Cannot use ${quote(issue.input ?? '')}: ${issue.message}`,
      },
    ]
  })

/**
 * No endpoint has this many parameters, so a longer query has an unknown or repeated one among these. The rest is not
 * read.
 */
const parametersMax = 20

/**
 * Parses a query string with a schema. Unknown, repeated and invalid parameters among the first 20 are rejected by
 * name.
 */
export const parseQuery = <Query>(
  schema: ZodMiniType<Query>,
  search: URLSearchParams,
): Result<{ value: Query }> => {
  const given: Record<string, string> = Object.create(null)
  const found: ParameterIssue[] = []
  for (const [name, value] of search.entries().take(parametersMax)) {
    if (name in given) found.push({ parameter: name, detail: 'Cannot use a parameter twice' })
    given[name] = value
  }
  const parsed = schema.safeParse(given, { reportInput: true })
  if (!parsed.success) found.push(...issuesOf(parsed.error.issues))
  if (parsed.success && found.length === 0) return { value: parsed.data }
  const first = [
    ...new Map(found.toReversed().map((issue) => [issue.parameter, issue])).values(),
  ].toReversed()
  return { failure: 'invalid-parameter', issues: first }
}

/** Characters that no client percent-encodes. Clients differ about the others. */
const neverEncoded = /^[A-Za-z0-9._-]$/

/**
 * Drops empty parameters and normalizes percent-encoding: letters, digits, `.`, `_` and `-` are decoded, and escapes
 * are in upper case (RFC 3986 section 6.2.2).
 */
export const withoutNoise: Canonical = (search) =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter((parameter) => parameter !== '')
    .join('&')
    .replaceAll(/%([0-9a-f]{2})?/gi, (escape, code: string | undefined) => {
      if (code === undefined) return '%25'
      const character = String.fromCharCode(Number.parseInt(code, 16))
      return neverEncoded.test(character) ? character : escape.toUpperCase()
    })

/**
 * Redirects to the canonical address of a request: without trailing slashes, and with the canonical query. undefined if
 * the request is already canonical. Caches store an answer per address, so the number of addresses must be limited. The
 * redirect itself is not cached, because the meaning of an address may change later.
 */
export const redirectToCanonical = (url: Readonly<URL>, canonical: Canonical): Response | undefined => {
  const { origin, pathname, search, href, hash } = url
  const path = pathname.replace(/\/+$/, '') || '/'
  const query = canonical(search)
  const location = query === '' ? path : `${path}?${query}`
  if (href === origin + location + hash) return undefined
  return new Response(null, { status: 308, headers: { location, 'cache-control': 'no-store' } })
}

const handle = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const handled = await endpoint.handle(call)
  if (handled instanceof Response) return handled
  const { request, csvSuffix } = call
  if (isFailure(handled))
    return (await endpoint.respondFailure?.(request, handled)) ?? problemResponse(handled)
  const prefersCsv = endpoint.columns !== undefined && prefers(request.headers.get('accept'), 'text/csv')
  const columns = csvSuffix || prefersCsv ? endpoint.columns : undefined
  // Answers are remembered by address, and only an address ending in `.csv` implies CSV.
  return await respond(request, handled, columns, csvSuffix || !prefersCsv ? call.remember : undefined)
}

const handleQuery = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const query = parseQuery(endpoint.query, call.url.searchParams)
  return isFailure(query) ? problemResponse(query) : await handle({ ...call, query: query.value }, endpoint)
}

const handleForOperator = async (call: Call, endpoint: Endpoint): Promise<Response> => {
  const { request, env } = call
  const token = configured(env, 'ADMIN_TOKEN')
  const isOperator = await isAuthorized(request.headers.get('authorization'), token)
  return isOperator ? await handleQuery(call, endpoint) : problemResponse({ failure: 'unauthorized' })
}

/** A public read: GET and HEAD, from any website. */
export const get = (path: string, endpoint: Endpoint): Route => ({
  method: 'GET',
  path,
  access: 'public',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handleQuery(call, endpoint),
  ...(endpoint.respondFailure && { respondFailure: endpoint.respondFailure }),
})

/** A message from the site's back end. Its signature does not cover the query, so parameters are ignored. */
export const post = (path: string, endpoint: Endpoint): Route => ({
  method: 'POST',
  path,
  access: 'site',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handle(call, endpoint),
})

/** A read for the operator: GET and HEAD. The token is checked first. */
export const operatorGet = (path: string, endpoint: Endpoint): Route => ({
  method: 'GET',
  path,
  access: 'operator',
  canonical: withoutNoise,
  endpoint,
  handle: async (call) => await handleForOperator(call, endpoint),
})

/** An action of the operator. The token is checked first. Parameters are in the query; a body is ignored. */
export const operatorPost = (path: string, endpoint: Endpoint): Route => ({
  ...operatorGet(path, endpoint),
  method: 'POST',
})
