import type { Instant } from '../contributions/instant.ts'
import { isFailure, LogUnavailable, sleep, type Result } from '../failure.ts'
import { callObject, userCounterOf } from '../projections/objects.ts'

/** How long to wait before each build, so that builds take little time from readers. */
const pauseMilliseconds = 50

/** How long one request builds: the platform ends what runs in the background 30 s after the response. */
const buildingMilliseconds = 20_000

/** The maximum number of users that are remembered. */
const usersMax = 10_000

/**
 * The users whose counters this isolate does not know to be built. They are counted in the log, because creating an
 * object takes longer than counting a few events. Their counters are built in the background, so that they can answer
 * during an outage of the log, and all later reads.
 */
export class UnbuiltCounters {
  #clock: () => Instant
  #built = new Set<number>()
  #reading = new Set<number>()
  /** Users whose counters will be built, with the position of the log at which they were counted. */
  #waiting = new Map<number, number>()
  /** Until when a request builds counters. If it is lost, another request goes on after this. */
  #buildingUntil: Instant = -Infinity

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#clock = clock
  }

  /**
   * Calls `count` unless the user's counter is built. Returns undefined if the counter has to answer: if it is built, if
   * `count` returns undefined, or if another caller counts the same user, so that many callers share the counter.
   */
  async read<Found extends { position: number }>(
    userId: number,
    count: () => Promise<Result<Found> | undefined>,
  ): Promise<Result<Found> | undefined> {
    if (this.#built.has(userId)) return undefined
    const found = this.#reading.has(userId) ? undefined : await this.#count(userId, count)
    if (found === undefined) this.#noteBuilt(userId)
    // Made-up IDs get no counters.
    else if (!isFailure(found) && this.#waiting.size < usersMax) this.#waiting.set(userId, found.position)
    return found
  }

  /**
   * Builds the counters of users who were counted, one after the other, unless another request does. If one cannot be
   * built, it stops, so that an outage meets no more load, and another request goes on after 20 s.
   */
  async build(env: Env): Promise<void> {
    const began = this.#clock()
    if (this.#waiting.size === 0 || began < this.#buildingUntil) return
    const until = began + buildingMilliseconds
    this.#buildingUntil = until
    for (const [userId, position] of this.#waiting) {
      await sleep(pauseMilliseconds)
      if (this.#clock() >= until) return
      this.#waiting.delete(userId)
      if (this.#built.has(userId) || (await this.#buildCounter(env, userId, position))) continue
      this.#waiting.set(userId, position)
      return
    }
    if (this.#buildingUntil === until) this.#buildingUntil = -Infinity
  }

  async #count<Found>(userId: number, count: () => Promise<Found>): Promise<Found> {
    if (this.#reading.size >= usersMax) this.#reading.clear() // left by requests whose callers hung up
    this.#reading.add(userId)
    try {
      return await count()
    } finally {
      this.#reading.delete(userId)
    }
  }

  /** Whether a user's counter has been built. It reaches `atLeast`, so that no later answer is older than the count. */
  async #buildCounter(env: Env, userId: number, atLeast: number): Promise<boolean> {
    try {
      const built = await callObject(
        () => userCounterOf(env, userId),
        async (counter) => counter.count({ now: this.#clock(), atLeast }, undefined),
      )
      if (isFailure(built) && built.failure !== 'not-found') return false
      this.#noteBuilt(userId)
      return true
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return false
    }
  }

  #noteBuilt(userId: number): void {
    const [oldest] = this.#built
    if (this.#built.size >= usersMax && oldest !== undefined) this.#built.delete(oldest)
    this.#built.add(userId)
  }
}
