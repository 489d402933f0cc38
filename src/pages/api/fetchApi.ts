/** Why the API did not answer. */
export interface ApiProblem {
  ok: false
  status: number
  /** A sentence without its full stop. */
  detail: string
  /** Undefined if a retry would give the same problem. */
  retryAfterSeconds: number | undefined
}

export type ApiResult<Body> = { ok: true; body: Body } | ApiProblem

/** Fetches a path of the API: over the network in a browser, in-process when the Worker renders. */
export type FetchApi = <Body>(path: string) => Promise<ApiResult<Body>>

/** What a page reads from the API: how to load it, and a key. Queries with the same key have the same result. */
export interface ApiQuery<Body> {
  key: string
  /** Whether it needs a scan of the log, so that panels share its answer until it is refreshed. */
  isScan?: boolean
  load: (fetchApi: FetchApi) => Promise<ApiResult<Body>>
}

/** The earliest instant of answers, of which there is at least one. What is combined from them is as of then. */
export const earliestOf = (answers: readonly { as_of: string }[]): string =>
  answers.map((answer) => answer.as_of).toSorted()[0] ?? ''

/** An address of the API. For CSV, `.csv` is inserted between path and query. */
export interface ApiAddress {
  path: string
  query: string
}

/** A query that loads one address. */
export const queryAt = <Body>({ path, query }: ApiAddress): ApiQuery<Body> => ({
  key: path + query,
  load: async (fetchApi) => await fetchApi<Body>(path + query),
})

/** A query for something that is not needed, or not yet. It never loads. */
export const notLoaded: ApiQuery<never> = { key: '', load: async () => await new Promise<never>(() => {}) }

const defaultRetrySeconds = 5
const retrySecondsMax = 60

const isTemporary = (status: number): boolean => status === 429 || status >= 500

const retryAfterOf = (response: Response): number | undefined => {
  if (!isTemporary(response.status)) return undefined
  const seconds = Number(response.headers.get('retry-after') ?? defaultRetrySeconds)
  return Math.min(Math.max(seconds || defaultRetrySeconds, 1), retrySecondsMax)
}

const detailOf = async (response: Response): Promise<string> => {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const problem = isProblem ? await response.json<{ detail?: string }>() : {}
  return problem.detail ?? `The server responded with status ${response.status}`
}

/** Reads a response of the API. Trusts the body to have the type that the endpoint promises. */
export const readResponse = async <Body>(response: Response): Promise<ApiResult<Body>> => {
  if (response.ok) return { ok: true, body: await response.json<Body>() }
  const detail = await detailOf(response)
  return { ok: false, status: response.status, detail, retryAfterSeconds: retryAfterOf(response) }
}

/** Requests in flight, by path. Shared, because a tile and its chart need the same answer. */
const inFlight = new Map<string, Promise<ApiResult<unknown>>>()

const fetchResult = async (path: string, cache: RequestCache): Promise<ApiResult<unknown>> => {
  try {
    return await readResponse(await fetch(path, { cache, headers: { accept: 'application/json' } }))
  } catch {
    return { ok: false, status: 0, detail: "Can't connect", retryAfterSeconds: defaultRetrySeconds }
  } finally {
    inFlight.delete(path)
  }
}

/** Fetches over the network. `no-store` bypasses the browser's cache, to get the latest `as_of`. */
export const fetchApi =
  (cache: 'default' | 'no-store'): FetchApi =>
  async <Body>(path: string) => {
    const result = inFlight.get(path) ?? fetchResult(path, cache)
    inFlight.set(path, result)
    return (await result) as ApiResult<Body>
  }
