import type { Instant } from '../contributions/instant.ts'
import { notCaughtUp, type Failure, type Result } from '../failure.ts'
import { LogUnavailable } from '../log/database.ts'

/** What every read of a projection specifies. */
export interface ReadRequest {
  now: Instant
  /** The answer must reflect this position of the log. */
  atLeast: number
}

/** What a projection has read from the log. */
export interface Update {
  /** Whether the log is still the one that was followed; false after a restore to an earlier state. */
  continues: boolean
  /** Stores what was read, without awaiting anything. Returns whether there is more to read. */
  store: () => boolean
}

/** What a follower keeps up with the log: the projection says what to read and how to store it. */
export interface Projection {
  /** How long a refresh stays fresh. */
  readonly freshMilliseconds: number
  /** How far it has followed the log. */
  readonly position: number
  /** Whether it has anything to answer with, however old. */
  readonly isBuilt: boolean
  /** When it last reached the end of the log, if it remembers that from before the object started. */
  readonly refreshedAt?: Instant | undefined
  /** Reads what the log has after what is stored; with `fromStart`, from the log's beginning. */
  read: (now: Instant, fromStart: boolean) => Promise<Update>
  /** Reads what answers show besides the numbers, once the projection is up to date. */
  readDetails?: () => Promise<void>
  /** Drops everything that is stored. */
  forget: () => void
}

/** How long a caller waits for a refresh when the stored answer would do. */
const patienceMilliseconds = 2000

interface Refresh {
  done: Promise<void>
  /** Resolves when callers whom the stored answer would satisfy stop waiting. */
  late: Promise<void>
}

/**
 * Follows the log for one projection. The projection is refreshed before it answers if its last refresh is too old or
 * did not reach the requested position, and concurrent callers share one refresh. So staleness is bounded even
 * after a crash, and a thousand readers cost as much as one. While the log cannot be read, the stored answer is served and
 * refreshes are tried no more often than usual.
 */
export class LogFollower {
  #projection: Projection
  #refreshedAt: Instant
  #failedAt: Instant = -Infinity
  #refresh: Refresh | undefined
  #isInvalid = false
  /** Changes when a read that is in flight no longer fits what is stored. */
  #generation = 0

  constructor(projection: Projection) {
    this.#projection = projection
    this.#refreshedAt = projection.refreshedAt ?? -Infinity
  }

  /** Whether the projection is being refreshed now. */
  get isRefreshing(): boolean {
    return this.#refresh !== undefined
  }

  /**
   * Calls `find` once the projection is fresh. Returns 'not-caught-up' if the log cannot be read and the stored answer
   * does not reach `atLeast`, or if `find` returns undefined or throws LogUnavailable.
   */
  async answer<Value>(
    request: ReadRequest,
    find: () => Value | undefined | Promise<Value | undefined>,
  ): Promise<Result<Value>> {
    try {
      await this.catchUp(request)
      const value = this.#projection.position < request.atLeast ? undefined : await find()
      if (value !== undefined) return value
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
    return notCaughtUp(this.#projection.position, request.atLeast)
  }

  /**
   * Refreshes the projection if that is due. Throws LogUnavailable if the log cannot be read and the projection is not
   * built or does not reach `atLeast`. Afterwards it may still be behind `atLeast`, if the log itself is.
   */
  async catchUp({ now, atLeast }: ReadRequest): Promise<void> {
    let hasBegunRefresh = false
    while (!this.#isFresh(now, this.#refreshedAt) || this.#projection.position < atLeast) {
      if (this.#refresh === undefined) {
        // The log itself does not reach `atLeast`.
        if (hasBegunRefresh) return
        if (this.#isFresh(now, this.#failedAt) && this.canAnswer(atLeast)) return
        hasBegunRefresh = true
        this.#refresh = this.#beginRefresh(now)
      }
      if (!(await this.#waitFor(this.#refresh, atLeast))) return
    }
  }

  /** Refreshes the projection; a refresh that has already begun does not count. Returns a failure if the log cannot be read. */
  async refreshNow(now: Instant): Promise<Failure | undefined> {
    try {
      // No refresh reaches this position, so a new one begins, and the stored answer never replaces it.
      await this.catchUp({ now, atLeast: Infinity })
      return undefined
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return notCaughtUp(this.#projection.position, 0)
    }
  }

  /** Has the next refresh read the log from its beginning. Until then, the projection answers with what is stored. */
  invalidate(): void {
    this.#isInvalid = true
    this.#abandonRead()
  }

  /** Drops what is stored; the next refresh reads the log from its beginning. */
  forget(): void {
    this.#projection.forget()
    this.#abandonRead()
  }

  /** Whether what is stored can answer a request for this position. */
  canAnswer(atLeast: number): boolean {
    return this.#projection.isBuilt && this.#projection.position >= atLeast
  }

  /** How many whole seconds ago the projection was refreshed; 0 while it is fresh. */
  ageSeconds(now: Instant): number {
    return this.#isFresh(now, this.#refreshedAt)
      ? 0
      : Math.max(0, Math.floor((now - this.#refreshedAt) / 1000))
  }

  /** Whether the refresh was completed; if not, the stored answer will do. */
  async #waitFor({ done, late }: Refresh, atLeast: number): Promise<boolean> {
    if (!this.canAnswer(atLeast)) {
      await done
      return true
    }
    try {
      return await Promise.race([done.then(() => true), late.then(() => false)])
    } catch (error) {
      if (error instanceof LogUnavailable && this.canAnswer(atLeast)) return false
      throw error
    }
  }

  #beginRefresh(now: Instant): Refresh {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMilliseconds)
    })
    const done = this.#runRefresh(now).finally(() => clearTimeout(timer))
    // Avoids an unhandled rejection when no caller is waiting any more.
    done.catch(() => undefined)
    return { done, late }
  }

  async #runRefresh(now: Instant): Promise<void> {
    try {
      while (!(await this.#readOnce(now)));
      this.#refreshedAt = now
    } catch (error) {
      if (error instanceof LogUnavailable) this.#failedAt = now
      this.#expireUnlessBuilt()
      throw error
    } finally {
      this.#refresh = undefined
    }
  }

  /** Reads and stores once. Returns whether the projection is up to date. */
  async #readOnce(now: Instant): Promise<boolean> {
    const generation = this.#generation
    const fromStart = this.#isInvalid
    const { continues, store } = await this.#projection.read(now, fromStart)
    if (generation !== this.#generation) return false
    if (fromStart || !continues) this.#projection.forget()
    this.#isInvalid = false
    if (!continues || store()) {
      this.#expireUnlessBuilt()
      return false
    }
    await this.#projection.readDetails?.()
    return generation === this.#generation
  }

  #abandonRead(): void {
    this.#generation += 1
    this.#expireUnlessBuilt()
  }

  /** Makes callers wait until a projection that is not built is complete. */
  #expireUnlessBuilt(): void {
    if (!this.#projection.isBuilt) this.#refreshedAt = -Infinity
  }

  #isFresh(now: Instant, refreshedAt: Instant): boolean {
    // In both directions: requests bring their own clocks, which differ by milliseconds.
    return Math.abs(now - refreshedAt) < this.#projection.freshMilliseconds
  }
}
