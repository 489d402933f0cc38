import type { Instant } from '../contributions/instant.ts'

/*
 * Each line is JSON, so that Cloudflare's log search can filter by field: never the user whom a request is about, the
 * caller, or the parameters.
 */

/**
 * Logs a request as one line. `route` is the route's pattern, null if no route matched; `parts` are the milliseconds
 * that it took.
 */
export const logRequest = (
  method: string,
  route: string | null,
  status: number,
  parts?: Readonly<Record<string, number>>,
): void => {
  const line = JSON.stringify({ event: 'request', method, route, status, ...parts })
  if (status >= 500) console.error(line)
  else console.log(line)
}

/** How often the number of requests is logged. */
const countMilliseconds = 10_000

/**
 * Counts requests that have no line of their own: writing one takes longer than many of them. Logs how many there were
 * since the last such line, every ten seconds at most.
 */
export class RequestCount {
  #event: string
  #count = 0
  #loggedAt: Instant = -Infinity

  constructor(event: string) {
    this.#event = event
  }

  add(now: Instant): void {
    this.#count += 1
    if (now < this.#loggedAt + countMilliseconds) return
    console.log(JSON.stringify({ event: this.#event, requests: this.#count }))
    this.#count = 0
    this.#loggedAt = now
  }
}
