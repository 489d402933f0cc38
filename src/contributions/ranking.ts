import { CountedUsers, type Change, orderByCount } from './countedUsers.ts'
import type { Instant } from './instant.ts'
import type { Profile } from './user.ts'

/** A user's rank. Equal counts share a rank, and the next rank is skipped. */
export interface RankedUser {
  userId: number
  rank: number
  count: number
  /** The instant of the newest counted contribution; NaN if it is unknown. */
  newest: Instant
}

/** A ranked user as a board shows them. */
export interface RankingEntry {
  rank: number
  user: Profile
  count: number
  /** The instant of the newest counted contribution. */
  lastContributionAt: Instant
}

/** A page of a ranking, with everything that a board shows. */
export interface RankingPage {
  /** The number of ranked users, across all pages. */
  total: number
  entries: RankingEntry[]
  /** Whether more entries follow. */
  more: boolean
}

/** A copy of a whole ranking: parallel arrays of users, ascending by ID. */
export interface RankingSnapshot {
  userIds: Float64Array
  counts: Int32Array
  /** NaN if it is unknown. */
  newest: Float64Array
  /** 1 for users who are excluded from the ranking. */
  excluded: Uint8Array
  /** The indices of the ranked users in the other arrays, highest count first. */
  order: Uint32Array
}

/** Selects a part of a ranking: the first entries, the entries after one, or the entries around a user. */
export interface RankingPart {
  limit: number
  after?: { count: number; userId: number } | undefined
  /** Only users with at least this count; all by default. */
  min?: number | undefined
  /** The user to center the part on. Near either end of the ranking, the part is shifted to keep its size. */
  around?: number | undefined
}

/**
 * Users by descending count, then by ID, in typed arrays of 25 bytes per user. A batch of changes takes one pass over
 * the users, and the first read after it another. Any other read takes time logarithmic in the number of users, plus
 * time linear in what it returns. Pure: no I/O, no clock.
 */
export class Ranking {
  #users = new CountedUsers()
  /** The slots of the ranked users, highest count first; undefined after a change, until it is needed. */
  #sorted: Uint32Array | undefined = new Uint32Array(0)

  /** How many users are ranked. */
  get total(): number {
    return this.#order.length
  }

  /** The memory that the arrays take, in bytes. */
  get bytes(): number {
    const { userIds, counts, newest, excluded } = this.#users
    const arrays = [userIds, counts, newest, excluded, this.#order]
    return arrays.reduce((sum, array) => sum + array.byteLength, 0)
  }

  /** Applies a batch of changes: at most one for each user, in ascending order of user ID. */
  apply(changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.#users.apply(changes)
    this.#sorted = undefined
  }

  /** Excludes users from the ranking or includes them again, keeping their counts. */
  exclude(users: ReadonlyMap<number, boolean>): void {
    for (const [userId, excluded] of users) {
      if (this.#users.exclude(userId, excluded)) this.#sorted = undefined
    }
  }

  /** Sets a user's newest instant. */
  learnNewest(userId: number, newest: Instant): void {
    this.#users.learnNewest(userId, newest)
  }

  /** At most `limit` ranked users, from index `start`. */
  slice(start: number, limit: number): RankedUser[] {
    return Array.from(this.#order.subarray(start, start + limit), (slot) => this.#userAt(slot))
  }

  /** The users in a part, and whether more follow. Empty if `around` is not ranked. */
  page({ limit, after, min = 1, around }: RankingPart): { users: RankedUser[]; more: boolean } {
    const start = after ? this.#indexAfter(after) : this.#startAround(around, limit)
    if (start === -1) return { users: [], more: false }
    const end = this.usersWithAtLeast(min)
    return { users: this.slice(start, Math.min(limit, Math.max(0, end - start))), more: start + limit < end }
  }

  /** The index of a user in the ranking; -1 if the user is not ranked. */
  indexOf(userId: number): number {
    const slot = this.#users.slotOf(userId)
    if (slot === -1 || this.#users.excluded[slot] === 1) return -1
    const count = this.#countAt(slot)
    return this.#firstIndex(
      (other) => this.#countAt(other) < count || (this.#countAt(other) === count && other >= slot),
    )
  }

  /** A copy of the complete state. */
  snapshot(): RankingSnapshot {
    return {
      userIds: this.#users.userIds.slice(),
      counts: this.#users.counts.slice(),
      newest: this.#users.newest.slice(),
      excluded: this.#users.excluded.slice(),
      order: this.#order.slice(),
    }
  }

  /** How many ranked users have at least this count. */
  usersWithAtLeast(count: number): number {
    return this.#firstIndex((slot) => this.#countAt(slot) < count)
  }

  get #order(): Uint32Array {
    this.#sorted ??= orderByCount(this.#users.counts, this.#users.excluded)
    return this.#sorted
  }

  #indexAfter({ count, userId }: { count: number; userId: number }): number {
    return this.#firstIndex((slot) => {
      const other = this.#countAt(slot)
      return other < count || (other === count && (this.#users.userIds[slot] ?? 0) > userId)
    })
  }

  #startAround(userId: number | undefined, limit: number): number {
    if (userId === undefined) return 0
    const index = this.indexOf(userId)
    return index === -1 ? -1 : Math.max(0, Math.min(index - (limit - 1) / 2, this.total - limit))
  }

  #countAt(slot: number): number {
    return this.#users.counts[slot] ?? 0
  }

  #userAt(slot: number): RankedUser {
    const count = this.#countAt(slot)
    return {
      userId: this.#users.userIds[slot] ?? 0,
      rank: 1 + this.usersWithAtLeast(count + 1),
      count,
      newest: this.#users.newest[slot] ?? NaN,
    }
  }

  /**
   * Binary search: the first index in the order whose slot passes, given that all later slots pass too. The order's
   * length if none passes.
   */
  #firstIndex(passes: (slot: number) => boolean): number {
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (passes(this.#order[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return low
  }
}
