import type { Instant } from '../contributions/instant.ts'
import { isFailure, LogUnavailable, sleep, type Result } from '../failure.ts'
import { callObject, userCounterOf } from '../projections/objects.ts'

/** How long no user may have been read for the first time before counters are built. */
const pauseMilliseconds = 200

/** The maximum number of counters to build after a pause. Any other is built when its user is read again. */
const buildsMax = 100

/** The maximum number of users that are remembered. */
const usersMax = 10_000

/**
 * The users whom this isolate has read. The first answer about a user comes from the log, because creating an object
 * takes longer than counting a few events. Afterwards the user's counter answers. It is built in the background, so
 * that it can answer during an outage of the log.
 */
export class FirstReads {
  #clock: () => Instant
  #users = new Set<number>()
  /** The users whose counters are to be built. */
  #waiting = new Set<number>()
  /** How many calls of `buildCounter` there were. */
  #count = 0

  /** `clock` returns the current time, which advances while a request waits. */
  constructor(clock: () => Instant) {
    this.#clock = clock
  }

  /**
   * Calls `count` if the user has not been read before; otherwise returns undefined. Of several callers at the same time
   * only the first one counts, and the others ask the counter, which they share.
   */
  async read<Found extends object>(
    userId: number,
    count: () => Promise<Result<Found> | undefined>,
  ): Promise<Result<Found> | undefined> {
    if (this.#users.has(userId)) return undefined
    if (this.#users.size >= usersMax) this.#users.clear()
    this.#users.add(userId)
    const found = await count()
    // Made-up IDs would fill the memory.
    if (found && isFailure(found)) this.#users.delete(userId)
    return found
  }

  /**
   * After a pause in which no user was read for the first time, builds the counters of all who were. Resolves when
   * nothing is left to do.
   */
  async buildCounter(env: Env, userId: number): Promise<void> {
    this.#waiting.add(userId)
    this.#count += 1
    const count = this.#count
    await sleep(pauseMilliseconds)
    if (count !== this.#count) return
    const ids = [...this.#waiting].slice(-buildsMax)
    this.#waiting.clear()
    for (const id of ids) await this.#build(env, id)
  }

  async #build(env: Env, userId: number): Promise<void> {
    try {
      await callObject(
        () => userCounterOf(env, userId),
        async (counter) => counter.count({ now: this.#clock(), atLeast: 0 }, undefined),
      )
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
  }
}
