/** What a request waits for: D1, or a Durable Object. */
export type TimedPart = 'log' | 'object'

/**
 * Measures where a request spends its time, for the Server-Timing header. The platform's clock advances only with I/O,
 * so waits are exact and the time between them is a lower bound.
 */
export class Timing {
  #now: () => number
  #began: number
  #parts = new Map<string, number>()

  /** `now` returns milliseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#began = now()
  }

  /** Awaits a promise and adds the elapsed time to a part. */
  async time<Value>(part: TimedPart, waited: Promise<Value>): Promise<Value> {
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

  /** The value of the Server-Timing header. */
  toString(): string {
    return Object.entries(this.parts())
      .map(([part, duration]) => `${part};dur=${duration}`)
      .join(', ')
  }
}

/** What is logged about a request: never the user it is about, the caller, or the parameters. */
export interface LoggedRequest {
  method: string
  /** The route's pattern, not the path; null if no route matched. */
  route: string | null
  status: number
  timing?: Timing
}

/** Logs a request as one line of JSON, so that Cloudflare's log search can filter by field. */
export const logRequest = ({ method, route, status, timing }: LoggedRequest): void => {
  const line = JSON.stringify({ event: 'request', method, route, status, ...timing?.parts() })
  if (status >= 500) console.error(line)
  else console.log(line)
}

/** Logs how many requests were answered from memory since the last such line. They are not logged individually. */
export const logAnswersFromMemory = (answers: number): void =>
  console.log(JSON.stringify({ event: 'answered from memory', answers }))
