import type { Instant } from './instant.ts'

/** A change of one user's count. */
export interface Change {
  userId: number
  /** Added to the user's count. May be negative or 0. */
  delta: number
  /** The newest instant among the added contributions; NaN if it is unknown because something was reversed. */
  newest: Instant
  /** Whether the user is excluded from the ranking. Their count is still kept, so that they can be included again. */
  excluded: boolean
}

/**
 * Users with a count above 0, in typed arrays sorted by ID, 21 bytes per user. A lookup is a binary search, and
 * applying a batch of changes takes one pass. A user's slot is their index in every array; the next change may move it.
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

  /** The newest instant that each count includes; NaN if it is unknown. */
  get newest(): Float64Array {
    return this.#newest
  }

  /** 1 for users who are excluded from the ranking. */
  get excluded(): Uint8Array {
    return this.#excluded
  }

  /** A user's slot; -1 if the user is not counted. */
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

  /** Applies a batch of changes: at most one for each user, in ascending order of user ID. */
  apply(changes: readonly Change[]): void {
    const newUsers = changes.filter(({ userId }) => this.slotOf(userId) === -1).map(({ userId }) => userId)
    if (newUsers.length > 0) this.#addUsers(newUsers)
    let zeros = 0
    for (const { userId, delta, newest, excluded } of changes) {
      const slot = this.slotOf(userId)
      const count = (this.#counts[slot] ?? 0) + delta
      if (count < 0)
        throw new Error(`Cannot count ${count} for user ${userId}: a change was applied twice or lost`)
      this.#counts[slot] = count
      this.#newest[slot] = this.#later(slot, newest)
      this.#excluded[slot] = excluded ? 1 : 0
      if (count === 0) zeros += 1
    }
    if (zeros > 0) this.#dropZeros()
  }

  /** Excludes a user from the ranking or includes them again, keeping their count. Returns whether anything changed. */
  exclude(userId: number, excluded: boolean): boolean {
    const slot = this.slotOf(userId)
    if (slot === -1 || this.#excluded[slot] === Number(excluded)) return false
    this.#excluded[slot] = Number(excluded)
    return true
  }

  /** Sets a user's newest instant. */
  learnNewest(userId: number, newest: Instant): void {
    const slot = this.slotOf(userId)
    if (slot !== -1) this.#newest[slot] = newest
  }

  #later(slot: number, newest: Instant): Instant {
    const known = this.#newest[slot] ?? NaN
    return Number.isNaN(known) || Number.isNaN(newest) ? NaN : Math.max(known, newest)
  }

  /** Adds users, in ascending order, with a count of 0. */
  #addUsers(newUsers: readonly number[]): void {
    const old = {
      userIds: this.#userIds,
      counts: this.#counts,
      newest: this.#newest,
      excluded: this.#excluded,
    }
    const size = old.userIds.length + newUsers.length
    this.#allocate(size)
    let from = 0
    let next = 0
    for (let slot = 0; slot < size; slot += 1) {
      const known = old.userIds[from] ?? Infinity
      const newUser = newUsers[next] ?? Infinity
      if (newUser < known) {
        this.#userIds[slot] = newUser
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
    const isCounted = this.#counts.map((count) => (count > 0 ? 1 : 0))
    const keeps = (_: number, slot: number): boolean => isCounted[slot] === 1
    this.#userIds = this.#userIds.filter(keeps)
    this.#newest = this.#newest.filter(keeps)
    this.#excluded = this.#excluded.filter(keeps)
    this.#counts = this.#counts.filter(keeps)
  }
}

/** Counts up to this are ordered by a counting sort; the few larger ones by comparison. */
const countedUpTo = 65_535

/** The slots that are not excluded, by descending count, then by slot. Takes time linear in the number of slots. */
export const orderByCount = (counts: Int32Array, excluded: Uint8Array): Uint32Array => {
  const large: number[] = []
  const highest = Math.min(
    countedUpTo,
    counts.reduce((most, count) => Math.max(most, count), 0),
  )
  const starts = new Uint32Array(highest + 1)
  let total = 0
  for (let slot = 0; slot < counts.length; slot += 1) {
    if (excluded[slot] === 1) continue
    total += 1
    const count = counts[slot] ?? 0
    if (count > highest) large.push(slot)
    else starts[count] = (starts[count] ?? 0) + 1
  }
  large.sort((left, right) => (counts[right] ?? 0) - (counts[left] ?? 0) || left - right)
  let start = large.length
  for (let count = highest; count >= 0; count -= 1) {
    const size = starts[count] ?? 0
    starts[count] = start
    start += size
  }
  const order = new Uint32Array(total)
  order.set(large)
  for (let slot = 0; slot < counts.length; slot += 1) {
    const count = counts[slot] ?? 0
    if (excluded[slot] === 1 || count > highest) continue
    const index = starts[count] ?? 0
    starts[count] = index + 1
    order[index] = slot
  }
  return order
}
