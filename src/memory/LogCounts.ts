import type { Instant } from '../contributions/instant.ts'
import { isFailure, LogUnavailable, sleep, type Result } from '../failure.ts'
import { callObject, userCounterOf } from '../projections/objects.ts'

/** How long to wait before each counter is refreshed, so that refreshes take little time from readers. */
const pauseMilliseconds = 50

/** How long one request refreshes counters: the platform ends what runs in the background 30 s after the response. */
const refreshingMilliseconds = 20_000

/** How long a user whom the log could not count is left to the counter. */
const counterMilliseconds = 600_000

/** The maximum number of users that are remembered. */
const usersMax = 10_000

/** Sets a value, and removes the oldest one if there are too many. */
const setBounded = (map: Map<number, number>, userId: number, value: number): void => {
  const [oldest] = map.keys()
  if (map.size >= usersMax && oldest !== undefined) map.delete(oldest)
  map.set(userId, value)
}

/**
 * Counts users in the log, because to start a counter takes the platform longer than to count a few events. Their
 * counters are refreshed in the background, so that they can answer during an outage of the log.
 */
export class LogCounts {
  #clock: () => Instant
  #counting = new Set<number>()
  /** Users whom the log could not count, with the time of the attempt. */
  #uncounted = new Map<number, Instant>()
  /** Users whose counters may be behind, with the position that they have to reach. */
  #behind = new Map<number, number>()
  /** Until when a request refreshes counters. If it is lost, another request goes on after this. */
  #refreshingUntil: Instant = -Infinity

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#clock = clock
  }

  /**
   * Calls `count`. Returns undefined if the user's counter has to answer: if `count` returns undefined, or did so less
   * than 10 minutes ago, or if another caller counts the same user, so that many callers share the counter.
   */
  async read<Found extends { position: number }>(
    userId: number,
    count: () => Promise<Result<Found> | undefined>,
  ): Promise<Result<Found> | undefined> {
    if (this.#counting.has(userId) || this.#isLeftToCounter(userId)) return undefined
    const found = await this.#count(userId, count)
    if (found === undefined) setBounded(this.#uncounted, userId, this.#clock())
    // Made-up IDs get no counters.
    else if (!isFailure(found)) setBounded(this.#behind, userId, found.position)
    return found
  }

  /**
   * Refreshes the counters that may be behind, one after the other, unless another request does. If one cannot be
   * refreshed, it stops, so that an outage meets no more load, and another request goes on after 20 s.
   */
  async refreshCounters(env: Env): Promise<void> {
    const began = this.#clock()
    if (this.#behind.size === 0 || began < this.#refreshingUntil) return
    const until = began + refreshingMilliseconds
    this.#refreshingUntil = until
    for (const [userId, position] of this.#behind) {
      await sleep(pauseMilliseconds)
      if (this.#clock() >= until) return
      this.#behind.delete(userId)
      if (await this.#refreshCounter(env, userId, position)) continue
      setBounded(this.#behind, userId, this.#behind.get(userId) ?? position)
      return
    }
    if (this.#refreshingUntil === until) this.#refreshingUntil = -Infinity
  }

  #isLeftToCounter(userId: number): boolean {
    const attemptedAt = this.#uncounted.get(userId)
    return attemptedAt !== undefined && this.#clock() < attemptedAt + counterMilliseconds
  }

  async #count<Found>(userId: number, count: () => Promise<Found>): Promise<Found> {
    if (this.#counting.size >= usersMax) this.#counting.clear() // left by requests whose callers hung up
    this.#counting.add(userId)
    try {
      return await count()
    } finally {
      this.#counting.delete(userId)
    }
  }

  /** Whether a user's counter was refreshed. It reaches `atLeast`, so that no later answer is older than the count. */
  async #refreshCounter(env: Env, userId: number, atLeast: number): Promise<boolean> {
    try {
      const refreshed = await callObject(
        () => userCounterOf(env, userId),
        async (counter) => counter.count({ now: this.#clock(), atLeast }, undefined),
      )
      return !isFailure(refreshed) || refreshed.failure === 'not-found'
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return false
    }
  }
}
