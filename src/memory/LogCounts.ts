import type { Instant } from '../contributions/instant.ts'
import { isFailure, LogUnavailable, sleep, type Result } from '../failure.ts'
import { callObject, userCounterOf } from '../projections/objects.ts'

/** How long to wait before each counter is refreshed, so that refreshes take little time from readers. */
const pauseMilliseconds = 250

/** How long one request refreshes counters: the platform ends what runs in the background 30 s after the response. */
const refreshingMilliseconds = 20_000

/** How long a count may take. After that it counts as lost: the request that began it may have ended early. */
const countMilliseconds = 2000

/** How long the counter answers for a user after the log could not count them. */
const counterMilliseconds = 600_000

/** The maximum number of users that are remembered. */
const usersMax = 10_000

/** Makes room for one more user by removing the one who was added first. */
const makeRoom = (users: Map<number, Instant> | Set<number>): void => {
  const [oldest] = users.keys()
  if (users.size >= usersMax && oldest !== undefined) users.delete(oldest)
}

/**
 * Counts users in the log, because starting a counter takes the platform longer than counting a few events. Their
 * counters are refreshed in the background, so that they can answer during an outage of the log.
 */
export class LogCounts {
  #clock: () => Instant
  /** Users who are being counted, with when that began. */
  #counting = new Map<number, Instant>()
  /** Users whom the log could not count, with when that was tried. */
  #uncounted = new Map<number, Instant>()
  /** Users whose counters may be behind. */
  #behind = new Set<number>()
  /** When a request began to refresh counters; -Infinity if none does. */
  #refreshingSince: Instant = -Infinity

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#clock = clock
  }

  /**
   * Calls `count`. Returns undefined if the user's counter has to answer: if `count` returns undefined, or did so less
   * than 10 minutes ago, or if another caller counts the same user, so that many callers share the counter.
   */
  async read<Found extends object>(
    userId: number,
    count: () => Promise<Result<Found> | undefined>,
  ): Promise<Result<Found> | undefined> {
    const isBusy = this.#isWithin(countMilliseconds, this.#counting.get(userId))
    if (isBusy || this.#isWithin(counterMilliseconds, this.#uncounted.get(userId))) return undefined
    const found = await this.#count(userId, count)
    if (found === undefined) this.#add(this.#uncounted, userId)
    // Made-up IDs get no counters.
    if (!isFailure(found) && !this.#behind.has(userId)) {
      makeRoom(this.#behind)
      this.#behind.add(userId)
    }
    return found
  }

  /**
   * Refreshes the counters that may be behind, one after the other, unless another request is doing so. Stops after 20 s,
   * and when the log cannot be read, so that an outage meets no more load. A request that arrives 20 s after it began
   * continues.
   */
  async refreshCounters(env: Env): Promise<void> {
    if (this.#behind.size === 0 || this.#isWithin(refreshingMilliseconds, this.#refreshingSince)) return
    const began = this.#clock()
    this.#refreshingSince = began
    for (const userId of this.#behind) {
      await sleep(pauseMilliseconds)
      if (!this.#isWithin(refreshingMilliseconds, began)) return
      this.#behind.delete(userId)
      if (await this.#refreshCounter(env, userId)) continue
      this.#behind.add(userId)
      return
    }
    if (this.#refreshingSince === began) this.#refreshingSince = -Infinity
  }

  /** Whether an instant is less than some milliseconds away, either way, because a clock may be set back. */
  #isWithin(milliseconds: number, instant: Instant = -Infinity): boolean {
    return Math.abs(this.#clock() - instant) < milliseconds
  }

  #add(users: Map<number, Instant>, userId: number): void {
    users.delete(userId)
    makeRoom(users)
    users.set(userId, this.#clock())
  }

  async #count<Found>(userId: number, count: () => Promise<Found>): Promise<Found> {
    this.#add(this.#counting, userId)
    try {
      return await count()
    } finally {
      this.#counting.delete(userId)
    }
  }

  /** Refreshes a user's counter, however new it is. Returns false if the log or the counter cannot answer. */
  async #refreshCounter(env: Env, userId: number): Promise<boolean> {
    try {
      const failure = await callObject(
        () => userCounterOf(env, userId),
        async (counter) => counter.refresh(this.#clock()),
      )
      return failure === undefined
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return false
    }
  }
}
