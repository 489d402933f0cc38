import type { Instant } from '../contributions/instant.ts'
import type { Timing } from './endpoint.ts'

/**
 * Measures where a request spends its time, for the Server-Timing header. The platform's clock advances only with I/O,
 * so waits are exact and the time between them is a lower bound.
 */
export class RequestTiming implements Timing {
  #now: () => number
  #began: number
  #parts = new Map<string, number>()

  /** `now` returns milliseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#began = now()
  }

  async time<Value>(part: 'log' | 'object', waited: Promise<Value>): Promise<Value> {
    const began = this.#now()
    try {
      return await waited
    } finally {
      this.#parts.set(part, (this.#parts.get(part) ?? 0) + this.#now() - began)
    }
  }

  /** Milliseconds by part; the remaining time is `render`. */
  parts(): Record<string, number> {
    const waited = [...this.#parts.values()].reduce((sum, duration) => sum + duration, 0)
    return { ...Object.fromEntries(this.#parts), render: Math.max(0, this.#now() - this.#began - waited) }
  }
}

export const serverTiming = (parts: Record<string, number>): string =>
  Object.entries(parts)
    .map(([part, duration]) => `${part};dur=${duration}`)
    .join(', ')

/**
 * Logs a request as one line of JSON, so that Cloudflare's log search can filter by field: never the user it is about,
 * the caller, or the parameters. `route` is the route's pattern, null if no route matched; `parts` are the milliseconds
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
 * Counts requests instead of logging each, because a log line takes longer than answering many of them. Logs the count
 * at most every ten seconds, when the next request arrives.
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
    if (Math.abs(now - this.#loggedAt) < countMilliseconds) return
    console.log(JSON.stringify({ event: this.#event, requests: this.#count }))
    this.#count = 0
    this.#loggedAt = now
  }
}
