import type { Instant } from '../contributions/instant.ts'
import { notCaughtUp, type Failure, type Result, LogUnavailable } from '../failure.ts'

/** What every read of a projection specifies. */
export interface ReadRequest {
  now: Instant
  /** The answer must reflect this position of the log. */
  atLeast: number
}

/** What one read of the log returned. */
export interface Update {
  /** Whether the log still continues what is stored; false after a restore to an earlier state. */
  continues: boolean
  /** Stores what was read, without awaiting anything. Returns whether there is more to read. */
  store: () => boolean
}

/** What a `LogFollower` keeps up to date. The projection defines what to read and how to store it. */
export interface Projection {
  /** How long the projection counts as fresh after a refresh. */
  readonly freshMilliseconds: number
  /**
   * The maximum number of reads in a refresh, because D1 allows 1,000 queries per invocation. A longer refresh fails, and
   * the next one continues it.
   */
  readonly readsMax?: number
  /** How far it has followed the log. */
  readonly position: number
  /** Whether it can answer at all, however stale the answer. */
  readonly isBuilt: boolean
  /** When it last reached the end of the log, if it remembers that from before the object started. */
  readonly refreshedAt?: Instant | undefined
  /** Reads the log after the stored position, or from its beginning if `fromStart`. */
  read: (now: Instant, fromStart: boolean) => Promise<Update>
  /** Reads what answers show besides numbers; called once the projection is up to date. */
  readDetails?: () => Promise<void>
  /** Drops everything that is stored. */
  forget: () => void
}

/** How long a caller waits for a refresh if the stored answer satisfies the request. */
const patienceMilliseconds = 2000

interface Refresh {
  done: Promise<void>
  /** Resolves when callers that the stored answer satisfies should stop waiting. */
  late: Promise<void>
}

/**
 * Keeps one projection up to date with the log. Before an answer, it refreshes the projection if the last refresh is
 * too old or did not reach the requested position. Concurrent callers share one refresh. So staleness is bounded even
 * after a crash, and a thousand readers cost as much as one. While the log cannot be read, the stored answer is served,
 * and refreshes are retried no more often than usual.
 */
export class LogFollower {
  #projection: Projection
  #refreshedAt: Instant
  /** When the last complete refresh of this object began, by the object's own clock. */
  #begunAt: Instant = -Infinity
  #failedAt: Instant = -Infinity
  #refresh: Refresh | undefined
  #isInvalid = false
  /** Incremented when a read in flight no longer matches what is stored. */
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
   * Refreshes the projection if it is stale or behind `atLeast`. Throws LogUnavailable if the log cannot be read and
   * the stored state cannot answer. May return with the projection still behind `atLeast`, if the log itself is.
   */
  async catchUp({ now, atLeast }: ReadRequest): Promise<void> {
    let hasBegunRefresh = false
    while (!this.#isFresh(now, this.#refreshedAt) || this.#projection.position < atLeast) {
      if (this.#refresh === undefined) {
        // A complete refresh did not reach `atLeast`, so neither does the log.
        if (hasBegunRefresh) return
        if (this.#isFresh(now, this.#failedAt) && this.canAnswer(atLeast)) return
        hasBegunRefresh = true
        this.#refresh = this.#beginRefresh(now)
      }
      if (!(await this.#waitFor(this.#refresh, atLeast))) return
    }
  }

  /**
   * Runs a refresh that begins after the call, rather than joining one in progress. Returns a failure if the log cannot
   * be read.
   */
  async refreshNow(now: Instant): Promise<Failure | undefined> {
    try {
      // No refresh reaches Infinity, so a new one always begins, and the stored answer never suffices.
      await this.catchUp({ now, atLeast: Infinity })
      return undefined
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return notCaughtUp(this.#projection.position, 0)
    }
  }

  /** Makes the next refresh read the log from its beginning. Until then, the projection answers from its stored state. */
  invalidate(): void {
    this.#isInvalid = true
    this.#abandonRead()
  }

  /** Drops the stored state; the next refresh reads the log from its beginning. */
  forget(): void {
    this.#projection.forget()
    this.#abandonRead()
  }

  /** Whether the stored state can answer a request for this position. */
  canAnswer(atLeast: number): boolean {
    return this.#projection.isBuilt && this.#projection.position >= atLeast
  }

  /**
   * Whole seconds since the last refresh: 0 while the projection is fresh, otherwise at least 1. If the clock has been
   * set back, the seconds until it has caught up.
   */
  ageSeconds(now: Instant): number {
    if (this.#isFresh(now, this.#refreshedAt)) return 0
    return Math.max(1, Math.floor(Math.abs(now - this.#refreshedAt) / 1000))
  }

  /**
   * The milliseconds from the beginning of the last complete refresh to `instant`, by this object's clock: 0 if it began
   * later, Infinity if none was completed.
   */
  lagAt(instant: Instant): number {
    return Math.max(0, instant - this.#begunAt)
  }

  /** Waits for a refresh. Returns false if it is late or failed and the stored answer suffices. */
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
    const begunAt = Date.now()
    try {
      let reads = 1
      while (!(await this.#readOnce(now))) {
        if (reads === this.#projection.readsMax) throw new LogUnavailable('The log is still being read')
        reads += 1
      }
      this.#refreshedAt = now
      this.#begunAt = begunAt
    } catch (error) {
      if (error instanceof LogUnavailable) this.#failedAt = now
      this.#expireUnlessBuilt()
      throw error
    } finally {
      this.#refresh = undefined
    }
  }

  /** Reads and stores one page. Returns whether the projection is up to date. */
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

  /** A projection that is not built is never fresh, so callers wait until it is complete. */
  #expireUnlessBuilt(): void {
    if (!this.#projection.isBuilt) this.#refreshedAt = -Infinity
  }

  #isFresh(now: Instant, refreshedAt: Instant): boolean {
    // The difference may be negative, because the clocks of requests differ by milliseconds.
    return Math.abs(now - refreshedAt) < this.#projection.freshMilliseconds
  }
}
