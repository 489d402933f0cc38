/** What an answer waits for: D1 itself, or a Durable Object. */
export type TimedPart = 'log' | 'object'

/**
 * Where the time of a request went, for its Server-Timing header. The platform's clock stands still while code
 * runs and moves on with I/O, so waits are true and what lies between them is a lower bound.
 */
export class Timing {
  #now: () => number
  #began: number
  #parts = new Map<string, number>()

  /** `now` is a clock in milliseconds, read at the door only. */
  constructor(now: () => number) {
    this.#now = now
    this.#began = now()
  }

  /** Waits for something that has begun, and counts it as a part. */
  async time<Value>(part: TimedPart, waited: Promise<Value>): Promise<Value> {
    const began = this.#now()
    try {
      return await waited
    } finally {
      this.#parts.set(part, (this.#parts.get(part) ?? 0) + this.#now() - began)
    }
  }

  /** Milliseconds of each part that was waited for, and of the rest as `render`. */
  parts(): Record<string, number> {
    const waited = [...this.#parts.values()].reduce((sum, duration) => sum + duration, 0)
    return { ...Object.fromEntries(this.#parts), render: Math.max(0, this.#now() - this.#began - waited) }
  }

  /** The header. */
  toString(): string {
    return Object.entries(this.parts())
      .map(([part, duration]) => `${part};dur=${duration}`)
      .join(', ')
  }
}
