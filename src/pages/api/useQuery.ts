import { useEffect, useRef, useState } from 'preact/hooks'
import { fetchApi, type ApiProblem, type ApiQuery, type FetchApi } from './fetchApi.ts'

/** The state of a query on a page. */
export interface QueryState<Body> {
  /**
   * The latest answer to this query; undefined while a new query loads, so that no number is shown under the wrong
   * heading.
   */
  body: Body | undefined
  /** Whether loading has ended: there is an answer, or retrying cannot help. */
  isCurrent: boolean
  /** Why the last request failed, if it did. */
  problem: ApiProblem | undefined
  /** Retries immediately. */
  retry: () => void
}

interface Stored<Body> {
  /** The query that was requested last. */
  requested: string
  body: Body | undefined
  /** The query that `body` answers. */
  answered: string | undefined
  /** When `body` was answered: RFC 3339. */
  since: string | undefined
  problem: ApiProblem | undefined
}

/** Calls `run` as soon as the tab is visible, possibly immediately. Returns a function that cancels. */
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

/** Calls `run` after a delay, as soon as the tab is visible. Returns a function that cancels. */
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

/** The latest answers of queries that scan the log, by key. The oldest is dropped when there are too many. */
const answers = new Map<string, { body: unknown; since: string }>()
const answersMax = 30

const remember = ({ key, isScan = false }: ApiQuery<unknown>, body: unknown, since: string): void => {
  if (!isScan) return
  answers.delete(key)
  answers.set(key, { body, since })
  const [oldest] = answers.keys()
  if (answers.size > answersMax && oldest !== undefined) answers.delete(oldest)
}

/** What is left of a delay that started at an RFC 3339 instant, by this machine's clock. */
const secondsLeft = (seconds: number, since: string | undefined): number => {
  const passed = since === undefined ? 0 : (Date.now() - Date.parse(since)) / 1000
  return Math.min(Math.max(seconds - passed, 0), seconds)
}

/**
 * Loads a query and keeps its answer up to date: refreshes it every `refreshSeconds` while the tab is visible, and
 * retries after temporary problems. `initial` is the answer rendered by the Worker, as of `initialAsOf`. If it is older
 * than `refreshSeconds`, because the page was cached, it is refreshed immediately.
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
    since: initialAsOf,
    problem: undefined,
  })
  const retryNow = useRef(nothing)
  useEffect(() => {
    let isCancelled = false
    let cancel = nothing
    const refresh = async (fetchFrom: FetchApi): Promise<void> => {
      const result = await query.load(fetchFrom)
      const since = new Date().toISOString()
      if (result.ok) remember(query, result.body, since)
      if (isCancelled) return
      setStored((before) =>
        result.ok
          ? { requested: key, body: result.body, answered: key, since, problem: undefined }
          : { ...before, requested: key, problem: result },
      )
      const seconds = result.ok ? refreshSeconds : result.retryAfterSeconds
      if (seconds !== undefined) refreshAfter(seconds)
    }
    retryNow.current = () => {
      cancel()
      void refresh(fetchApi('no-store'))
    }
    const refreshAfter = (seconds: number): void => {
      cancel = later(seconds, () => void refresh(fetchApi('no-store')))
    }
    const known = answers.get(key)
    const left = known && refreshSeconds !== undefined ? secondsLeft(refreshSeconds, known.since) : 0
    if (stored.answered === key) {
      if (refreshSeconds !== undefined) refreshAfter(secondsLeft(refreshSeconds, stored.since))
    } else if (known && left > 0) {
      setStored({
        requested: key,
        body: known.body as Body,
        answered: key,
        since: known.since,
        problem: undefined,
      })
      refreshAfter(left)
    } else void refresh(fetchApi('default'))
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
