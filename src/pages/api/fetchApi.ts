/** Why the API did not answer, in words for the person who looks. */
export interface ApiProblem {
  ok: false
  status: number
  detail: string
  /** When asking again makes sense; undefined when it does not. */
  retryAfterSeconds: number | undefined
}

/** What the API said: the answer's body, or why there is none. */
export type ApiResult<Body> = { ok: true; body: Body } | ApiProblem

/** Asks the API for a path: over the network in a browser, in-process when the Worker renders. */
export type FetchApi = <Body>(path: string) => Promise<ApiResult<Body>>

const patienceSeconds = 5
const patienceSecondsMax = 60

const isTemporary = (status: number): boolean => status === 429 || status >= 500

const retryAfterOf = (response: Response): number | undefined => {
  if (!isTemporary(response.status)) return undefined
  const seconds = Number(response.headers.get('retry-after') ?? patienceSeconds)
  return Math.min(Math.max(seconds || patienceSeconds, 1), patienceSecondsMax)
}

const detailOf = async (response: Response): Promise<string> => {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const problem = isProblem ? await response.json<{ detail?: string }>() : {}
  return problem.detail ?? `The site answered ${response.status}`
}

/** Reads a response of the API. The body is what the route's contract says: it is not checked again. */
export const readResponse = async <Body>(response: Response): Promise<ApiResult<Body>> => {
  if (response.ok) return { ok: true, body: await response.json<Body>() }
  const detail = await detailOf(response)
  return { ok: false, status: response.status, detail, retryAfterSeconds: retryAfterOf(response) }
}

/** Questions that are on their way: who asks the same waits for the same answer, as a tile and its chart do. */
const underway = new Map<string, Promise<ApiResult<unknown>>>()

const fetchAnswer = async (path: string, cache: RequestCache): Promise<ApiResult<unknown>> => {
  try {
    return await readResponse(await fetch(path, { cache, headers: { accept: 'application/json' } }))
  } catch {
    return { ok: false, status: 0, detail: 'The site cannot be reached', retryAfterSeconds: patienceSeconds }
  } finally {
    underway.delete(path)
  }
}

/** Asks over the network. `no-store` brings the newest `as_of`, where a cache would repeat the one it has. */
export const fetchApi =
  (cache: 'default' | 'no-store'): FetchApi =>
  async <Body>(path: string) => {
    const answer = underway.get(path) ?? fetchAnswer(path, cache)
    underway.set(path, answer)
    return (await answer) as ApiResult<Body>
  }
