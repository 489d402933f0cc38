import type { Instant } from '../contributions/instant.ts'

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

/**
 * When a projection looks at the log: before it answers, if its last look is too old or saw too little; one look
 * for all who wait. So staleness is bounded whatever crashed, and a thousand readers cost what one does.
 */
export class Looks {
  #lookedAt: Instant = -Infinity
  #underWay: Promise<void> | undefined
  #freshMilliseconds: number
  #look: (now: Instant) => Promise<void>
  #position: () => number

  /** `look` brings the projection up to the log; `position` tells how far it is. */
  constructor(freshMilliseconds: number, look: (now: Instant) => Promise<void>, position: () => number) {
    this.#freshMilliseconds = freshMilliseconds
    this.#look = look
    this.#position = position
  }

  /** Throws what the look throws; then the projection is as it was. */
  async catchUp({ now, atLeast }: Asking): Promise<void> {
    let looked = false
    while (!this.#isFresh(now) || this.#position() < atLeast) {
      if (this.#underWay === undefined) {
        if (looked) return // a look that began after this question saw no more: there is no more
        looked = true
        this.#underWay = this.#lookNow(now)
      }
      await this.#underWay
    }
  }

  /** What the last look brought is gone: whoever asks waits for the look that is under way, or looks. */
  expire(): void {
    this.#lookedAt = -Infinity
  }

  async #lookNow(now: Instant): Promise<void> {
    try {
      await this.#look(now)
      this.#lookedAt = now
    } finally {
      this.#underWay = undefined
    }
  }

  #isFresh(now: Instant): boolean {
    // Either way: requests bring their own clocks, which differ by milliseconds.
    return Math.abs(now - this.#lookedAt) < this.#freshMilliseconds
  }
}
