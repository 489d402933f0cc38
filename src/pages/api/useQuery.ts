import { useEffect, useRef, useState } from 'preact/hooks'
import { fetchApi, type ApiProblem, type ApiQuery, type FetchApi } from './fetchApi.ts'

/** What a page has of a query so far. */
export interface QueryState<Body> {
  /** The latest answer to this query; undefined while a new one loads, so that no number stands under another's heading. */
  body: Body | undefined
  /** Whether the page has settled: there is an answer, or no retry can help. */
  isCurrent: boolean
  /** Why the last request failed, if it did. */
  problem: ApiProblem | undefined
  /** Requests it again now. */
  retry: () => void
}

interface Stored<Body> {
  /** The query that was requested last. */
  requested: string
  body: Body | undefined
  /** The query that `body` answers. */
  answered: string | undefined
  problem: ApiProblem | undefined
}

/** Runs once the tab is visible, which may be now. Returns a function that cancels. */
const whenVisible = (run: () => void): (() => void) => {
  const check = (): void => {
    if (document.hidden) return
    document.removeEventListener('visibilitychange', check)
    run()
  }
  document.addEventListener('visibilitychange', check)
  check()
  return () => document.removeEventListener('visibilitychange', check)
}

const nothing = (): void => {}

/** Runs after a delay, once the tab is visible. Returns a function that cancels. */
const later = (seconds: number, run: () => void): (() => void) => {
  let cancel = nothing
  const timer = setTimeout(() => {
    cancel = whenVisible(run)
  }, seconds * 1000)
  return () => {
    clearTimeout(timer)
    cancel()
  }
}

/** The rest of a delay that started at an RFC 3339 instant, by this machine's clock. */
const secondsLeft = (seconds: number, since: string | undefined): number => {
  const passed = since === undefined ? 0 : (Date.now() - Date.parse(since)) / 1000
  return Math.min(Math.max(seconds - passed, 0), seconds)
}

/**
 * Loads a query and keeps its answer up to date: it refreshes every `refreshSeconds` while the tab is visible, and
 * retries after a temporary problem. `initial` is the answer that the page came with, as of `initialAsOf`; if a cache
 * held the page for longer than `refreshSeconds`, it is refreshed immediately.
 */
export const useQuery = <Body>(
  query: ApiQuery<Body>,
  initial?: Body,
  refreshSeconds?: number,
  initialAsOf?: string,
): QueryState<Body> => {
  const { key } = query
  const [stored, setStored] = useState<Stored<Body>>({
    requested: key,
    body: initial,
    answered: initial === undefined ? undefined : key,
    problem: undefined,
  })
  const retryNow = useRef(nothing)
  useEffect(() => {
    let isCancelled = false
    let cancel = nothing
    const refresh = async (fetchFrom: FetchApi): Promise<void> => {
      const result = await query.load(fetchFrom)
      if (isCancelled) return
      setStored((before) =>
        result.ok
          ? { requested: key, body: result.body, answered: key, problem: undefined }
          : { ...before, requested: key, problem: result },
      )
      const seconds = result.ok ? refreshSeconds : result.retryAfterSeconds
      if (seconds !== undefined) cancel = later(seconds, () => void refresh(fetchApi('no-store')))
    }
    retryNow.current = () => {
      cancel()
      void refresh(fetchApi('no-store'))
    }
    if (stored.answered !== key) void refresh(fetchApi('default'))
    else if (refreshSeconds !== undefined)
      cancel = later(secondsLeft(refreshSeconds, initialAsOf), () => void refresh(fetchApi('no-store')))
    return () => {
      isCancelled = true
      cancel()
    }
    // The key identifies the whole query.
  }, [key, refreshSeconds])
  const isAnswered = stored.answered === key
  const problem = stored.requested === key ? stored.problem : undefined
  const hasFailed = problem !== undefined && problem.retryAfterSeconds === undefined
  return {
    body: isAnswered ? stored.body : undefined,
    isCurrent: isAnswered || hasFailed,
    problem,
    retry: () => retryNow.current(),
  }
}
