import type { Instant } from '../contributions/instant.ts'
import { LogUnavailable } from '../log/database.ts'

/** What every question to a projection carries. */
export interface Asking {
  now: Instant
  /** The answer must reflect this position of the log. */
  atLeast: number
}

/** The log cannot answer, and what the projection has is not enough. */
export interface Unavailable {
  status: 'unavailable'
  position: number
}

/** How long a look may take before those who can do without it are answered with what is there. */
const patienceMilliseconds = 2000

/** What a projection is to those who look after it. */
interface Follower {
  /** How old a look may be and still answer. */
  freshMilliseconds: number
  /**
   * Reads what the log has after what is held. The function that it resolves to stores that without awaiting anything,
   * and returns whether to read again. It is not called when `restart` was called after the read began.
   */
  read: (now: Instant) => Promise<() => boolean>
  /** Reads what answers show beside the numbers, once the projection is up to date. */
  readDetails?: () => Promise<void>
  /** How far it has followed the log. */
  position: () => number
  /** Whether it has something to answer with, however old. */
  isBuilt: () => boolean
  /** When it had last followed the log to its end, where it remembers that from an earlier life. */
  lookedAt?: Instant | undefined
}

/** A look under way. */
interface Look {
  done: Promise<void>
  /** Resolves when patience is at its end. */
  late: Promise<void>
}

/**
 * When a projection looks at the log: before it answers, if its last look is too old or saw too little; one look
 * for all who wait. So staleness is bounded whatever crashed, and a thousand readers cost what one does. When the
 * log cannot answer, what is there stands in for it, and the projection asks no more often than else.
 */
export class Looks {
  #follower: Follower
  #lookedAt: Instant
  #failedAt: Instant = -Infinity
  #underWay: Look | undefined
  /** How often what is held was thrown away or distrusted: what a read found fits only what it began with. */
  #generation = 0

  constructor(follower: Follower) {
    this.#follower = follower
    this.#lookedAt = follower.lookedAt ?? -Infinity
  }

  /**
   * Resolves when the projection may answer. Throws LogUnavailable when the log cannot answer and the projection is
   * not built, or has not come as far as is asked; whatever else a look throws, it throws too.
   */
  async catchUp({ now, atLeast }: Asking): Promise<void> {
    let looked = false
    while (!this.#isNear(now, this.#lookedAt) || this.#follower.position() < atLeast) {
      if (this.#underWay === undefined) {
        if (looked) return // a look that began after this question saw no more: there is no more
        if (this.#isNear(now, this.#failedAt) && this.#canDoWithout(atLeast)) return
        looked = true
        this.#underWay = this.#begin(now)
      }
      if (!(await this.#sees(this.#underWay, atLeast))) return
    }
  }

  /**
   * A look that begins now, for whoever cannot do with what is there. Returns whether it came to its end; whatever
   * else than LogUnavailable a look throws, it throws too.
   */
  async lookAnew(now: Instant): Promise<boolean> {
    try {
      // No position is so far: no look that began before will do, and nothing stands in for one that fails or is late.
      await this.catchUp({ now, atLeast: Infinity })
      return true
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return false
    }
  }

  /** Whether the projection is being refreshed now. */
  get isRefreshing(): boolean {
    return this.#underWay !== undefined
  }

  /** To be called when what is held was thrown away or is distrusted: a refresh that is under way begins again. */
  restart(): void {
    this.#generation += 1
    this.#expireUnlessBuilt()
  }

  /** How old what the projection says is, in whole seconds; 0 as long as it is as fresh as it should be. */
  ageSeconds(now: Instant): number {
    return this.#isNear(now, this.#lookedAt) ? 0 : Math.max(0, Math.floor((now - this.#lookedAt) / 1000))
  }

  /** Whether a look came to its end; if it did not, the projection can do without. */
  async #sees({ done, late }: Look, atLeast: number): Promise<boolean> {
    if (!this.#canDoWithout(atLeast)) {
      await done
      return true
    }
    try {
      return await Promise.race([done.then(() => true), late.then(() => false)])
    } catch (error) {
      if (error instanceof LogUnavailable && this.#canDoWithout(atLeast)) return false
      throw error
    }
  }

  #begin(now: Instant): Look {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMilliseconds)
    })
    const done = this.#lookNow(now).finally(() => clearTimeout(timer))
    // Whoever waits hears of a failure; nobody may be left by then.
    done.catch(() => undefined)
    return { done, late }
  }

  async #lookNow(now: Instant): Promise<void> {
    try {
      while (!(await this.#refresh(now)));
      this.#lookedAt = now
    } catch (error) {
      if (error instanceof LogUnavailable) this.#failedAt = now
      this.#expireUnlessBuilt()
      throw error
    } finally {
      this.#underWay = undefined
    }
  }

  /** Reads and stores once; returns whether the projection is up to date. */
  async #refresh(now: Instant): Promise<boolean> {
    const generation = this.#generation
    const store = await this.#follower.read(now)
    if (generation !== this.#generation) return false
    if (store()) {
      this.#expireUnlessBuilt()
      return false
    }
    await this.#follower.readDetails?.()
    return generation === this.#generation
  }

  /** Callers wait for the whole of what is not built. */
  #expireUnlessBuilt(): void {
    if (!this.#follower.isBuilt()) this.#lookedAt = -Infinity
  }

  #canDoWithout(atLeast: number): boolean {
    return this.#follower.isBuilt() && this.#follower.position() >= atLeast
  }

  #isNear(now: Instant, looked: Instant): boolean {
    // Either way: requests bring their own clocks, which differ by milliseconds.
    return Math.abs(now - looked) < this.#follower.freshMilliseconds
  }
}
