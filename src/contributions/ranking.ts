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

/** One user's place. Equal counts share a rank and the next is skipped. */
export interface RankedUser {
  userId: number
  rank: number
  count: number
  /** NaN where it is not known. */
  newest: Instant
}

/** All that a ranking holds, as copies: lists of users in the same order, ascending by id. */
export interface RankingSnapshot {
  userIds: Float64Array
  counts: Int32Array
  /** NaN where it is not known. */
  newest: Float64Array
  /** 1 for users without a place. */
  excluded: Uint8Array
  /** Where in these lists those are who are ranked, best first. */
  order: Uint32Array
}

/** Which places: the first, those after a place (its count and its user), or those around a user. */
export interface RankingPart {
  limit: number
  after?: { count: number; userId: number } | undefined
  /** The user in the middle; at either end the part is shifted to keep its size. */
  around?: number | undefined
}

/** Counts up to this are sorted by counting; the few above, by comparing. */
const countedUpTo = 65_535

/**
 * Users by count descending, then by id: who is where, and how many have at least so much. Typed arrays, some 21
 * bytes a user; nothing is kept of users whose count is 0. A batch of changes costs one pass over the users, and the
 * first question after it one more; else a question costs the logarithm of their number and what it returns. Pure:
 * no I/O, no clock.
 */
export class Ranking {
  /** Ascending: a user's slot is found by bisection, and slots in order are users by id. */
  #userIds = new Float64Array(0)
  #counts = new Int32Array(0)
  #newest = new Float64Array(0)
  #excluded = new Uint8Array(0)
  /** The slots of those who are ranked, best first; undefined until asked for after a change. */
  #sorted: Uint32Array | undefined = new Uint32Array(0)

  /** How many users are ranked. */
  get total(): number {
    return this.#order.length
  }

  /** How many bytes the structure holds. */
  get bytes(): number {
    const arrays = [this.#userIds, this.#counts, this.#newest, this.#excluded, this.#order]
    return arrays.reduce((sum, array) => sum + array.byteLength, 0)
  }

  /** Takes in a batch of changes: at most one a user, in ascending order of user id. */
  apply(changes: readonly Change[]): void {
    if (changes.length === 0) return
    const strangers = changes.filter(({ userId }) => this.#slotOf(userId) === -1).map(({ userId }) => userId)
    if (strangers.length > 0) this.#makeRoom(strangers)
    let gone = 0
    for (const { userId, delta, newest, excluded } of changes) {
      const slot = this.#slotOf(userId)
      const count = this.#countAt(slot) + delta
      if (count < 0)
        throw new Error(`Cannot count ${count} for user ${userId}: a change came twice or was lost`)
      this.#counts[slot] = count
      this.#newest[slot] = this.#later(slot, newest)
      this.#excluded[slot] = excluded ? 1 : 0
      if (count === 0) gone += 1
    }
    if (gone > 0) this.#dropZeros()
    this.#sorted = undefined
  }

  /** Gives a user, or takes from them, their place; their count stays. */
  exclude(users: ReadonlyMap<number, boolean>): void {
    for (const [userId, excluded] of users) {
      const slot = this.#slotOf(userId)
      if (slot === -1 || this.#excluded[slot] === Number(excluded)) continue
      this.#excluded[slot] = Number(excluded)
      this.#sorted = undefined
    }
  }

  /** Fills in what was not known. */
  learnNewest(userId: number, newest: Instant): void {
    const slot = this.#slotOf(userId)
    if (slot !== -1) this.#newest[slot] = newest
  }

  /** The ranked users from a place (0 is the first) on. */
  slice(start: number, limit: number): RankedUser[] {
    return Array.from(this.#order.subarray(start, start + limit), (slot) => this.#userAt(slot))
  }

  /** The users of a part, and whether others follow; nobody around a user who is not ranked. */
  page({ limit, after, around }: RankingPart): { users: RankedUser[]; more: boolean } {
    const start = after ? this.#placeAfter(after) : this.#startAround(around, limit)
    if (start === -1) return { users: [], more: false }
    return { users: this.slice(start, limit), more: start + limit < this.total }
  }

  /** The place of a user, from 0; -1 for one who is not ranked. */
  placeOf(userId: number): number {
    const slot = this.#slotOf(userId)
    if (slot === -1 || this.#excluded[slot] === 1) return -1
    const count = this.#countAt(slot)
    return this.#firstPlace(
      (other) => this.#countAt(other) < count || (this.#countAt(other) === count && other >= slot),
    )
  }

  /** Everything that answers come from. */
  snapshot(): RankingSnapshot {
    return {
      userIds: this.#userIds.slice(),
      counts: this.#counts.slice(),
      newest: this.#newest.slice(),
      excluded: this.#excluded.slice(),
      order: this.#order.slice(),
    }
  }

  /** How many ranked users have at least this count. */
  usersWithAtLeast(count: number): number {
    return this.#firstPlace((slot) => this.#countAt(slot) < count)
  }

  get #order(): Uint32Array {
    this.#sorted ??= this.#sort()
    return this.#sorted
  }

  #placeAfter({ count, userId }: { count: number; userId: number }): number {
    return this.#firstPlace((slot) => {
      const other = this.#countAt(slot)
      return other < count || (other === count && (this.#userIds[slot] ?? 0) > userId)
    })
  }

  #startAround(userId: number | undefined, limit: number): number {
    if (userId === undefined) return 0
    const place = this.placeOf(userId)
    return place === -1 ? -1 : Math.max(0, Math.min(place - (limit - 1) / 2, this.total - limit))
  }

  #countAt(slot: number): number {
    return this.#counts[slot] ?? 0
  }

  #userAt(slot: number): RankedUser {
    const count = this.#countAt(slot)
    return {
      userId: this.#userIds[slot] ?? 0,
      rank: 1 + this.usersWithAtLeast(count + 1),
      count,
      newest: this.#newest[slot] ?? NaN,
    }
  }

  #later(slot: number, newest: Instant): Instant {
    const known = this.#newest[slot] ?? NaN
    return Number.isNaN(known) || Number.isNaN(newest) ? NaN : Math.max(known, newest)
  }

  #slotOf(userId: number): number {
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

  /** The first place whose slot has passed; the order's length if none has. Once one has, all after it have. */
  #firstPlace(passed: (slot: number) => boolean): number {
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (passed(this.#order[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return low
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

  /** Counting sort: slots are in order of id already, so equal counts stay in it. */
  #sort(): Uint32Array {
    const large: number[] = []
    const highest = Math.min(
      countedUpTo,
      this.#counts.reduce((most, count) => Math.max(most, count), 0),
    )
    const starts = new Uint32Array(highest + 1)
    let total = 0
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      if (this.#excluded[slot] === 1) continue
      total += 1
      const count = this.#countAt(slot)
      if (count > highest) large.push(slot)
      else starts[count] = (starts[count] ?? 0) + 1
    }
    large.sort((left, right) => this.#countAt(right) - this.#countAt(left) || left - right)
    let start = large.length
    for (let count = highest; count >= 0; count -= 1) {
      const size = starts[count] ?? 0
      starts[count] = start
      start += size
    }
    const order = new Uint32Array(total)
    order.set(large)
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const count = this.#countAt(slot)
      if (this.#excluded[slot] === 1 || count > highest) continue
      const place = starts[count] ?? 0
      starts[count] = place + 1
      order[place] = slot
    }
    return order
  }
}
