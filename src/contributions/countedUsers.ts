import type { Instant } from './instant.ts'

/** What happened to one user's count. */
export interface Change {
  userId: number
  /** Added to the user's count; may be negative, or 0. */
  delta: number
  /** The newest instant that was added; NaN where it cannot be told (something was reversed). */
  newest: Instant
  /** Whether the user has no place in the ranking; counted all the same, so that they can come back. */
  excluded: boolean
}

/**
 * Users with their counts, by id. Typed arrays, 21 bytes a user; nothing is kept of users whose count is 0. A user is
 * found by bisection, and a batch of changes costs one pass. Users have slots: the index of what is known of them in
 * every array. Slots in order are users by id; they hold until the next change.
 */
export class CountedUsers {
  #userIds = new Float64Array(0)
  #counts = new Int32Array(0)
  #newest = new Float64Array(0)
  #excluded = new Uint8Array(0)

  /** Ascending. */
  get userIds(): Float64Array {
    return this.#userIds
  }

  get counts(): Int32Array {
    return this.#counts
  }

  /** The newest instant that a count holds; NaN where it is not known. */
  get newest(): Float64Array {
    return this.#newest
  }

  /** 1 for users without a place. */
  get excluded(): Uint8Array {
    return this.#excluded
  }

  /** A user's slot; -1 for one who is not counted. */
  slotOf(userId: number): number {
    let low = 0
    let high = this.#userIds.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#userIds[middle] ?? 0
      if (found === userId) return middle
      if (found < userId) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** Takes in a batch of changes: at most one a user, in ascending order of user id. */
  apply(changes: readonly Change[]): void {
    const strangers = changes.filter(({ userId }) => this.slotOf(userId) === -1).map(({ userId }) => userId)
    if (strangers.length > 0) this.#makeRoom(strangers)
    let gone = 0
    for (const { userId, delta, newest, excluded } of changes) {
      const slot = this.slotOf(userId)
      const count = (this.#counts[slot] ?? 0) + delta
      if (count < 0)
        throw new Error(`Cannot count ${count} for user ${userId}: a change came twice or was lost`)
      this.#counts[slot] = count
      this.#newest[slot] = this.#later(slot, newest)
      this.#excluded[slot] = excluded ? 1 : 0
      if (count === 0) gone += 1
    }
    if (gone > 0) this.#dropZeros()
  }

  /** Gives a user, or takes from them, their place; their count stays. Returns whether that is new. */
  exclude(userId: number, excluded: boolean): boolean {
    const slot = this.slotOf(userId)
    if (slot === -1 || this.#excluded[slot] === Number(excluded)) return false
    this.#excluded[slot] = Number(excluded)
    return true
  }

  /** Fills in what was not known. */
  learnNewest(userId: number, newest: Instant): void {
    const slot = this.slotOf(userId)
    if (slot !== -1) this.#newest[slot] = newest
  }

  #later(slot: number, newest: Instant): Instant {
    const known = this.#newest[slot] ?? NaN
    return Number.isNaN(known) || Number.isNaN(newest) ? NaN : Math.max(known, newest)
  }

  /** Merges in users who are not counted yet, in ascending order, with a count of 0. */
  #makeRoom(strangers: readonly number[]): void {
    const old = {
      userIds: this.#userIds,
      counts: this.#counts,
      newest: this.#newest,
      excluded: this.#excluded,
    }
    const size = old.userIds.length + strangers.length
    this.#allocate(size)
    let from = 0
    let next = 0
    for (let slot = 0; slot < size; slot += 1) {
      const known = old.userIds[from] ?? Infinity
      const stranger = strangers[next] ?? Infinity
      if (stranger < known) {
        this.#userIds[slot] = stranger
        this.#newest[slot] = -Infinity
        next += 1
        continue
      }
      this.#userIds[slot] = known
      this.#counts[slot] = old.counts[from] ?? 0
      this.#newest[slot] = old.newest[from] ?? NaN
      this.#excluded[slot] = old.excluded[from] ?? 0
      from += 1
    }
  }

  #allocate(size: number): void {
    this.#userIds = new Float64Array(size)
    this.#counts = new Int32Array(size)
    this.#newest = new Float64Array(size)
    this.#excluded = new Uint8Array(size)
  }

  #dropZeros(): void {
    const kept = this.#counts.map((count) => (count > 0 ? 1 : 0))
    const keeps = (_: number, slot: number): boolean => kept[slot] === 1
    this.#userIds = this.#userIds.filter(keeps)
    this.#newest = this.#newest.filter(keeps)
    this.#excluded = this.#excluded.filter(keeps)
    this.#counts = this.#counts.filter(keeps)
  }
}
