import { CountedUsers, type Change } from './countedUsers.ts'
import type { Instant } from './instant.ts'
import { orderByCount } from './orderByCount.ts'
import type { Profile } from './user.ts'

/** A user's rank. Equal counts share a rank, and the next rank is skipped. */
export interface RankedUser {
  userId: number
  rank: number
  count: number
  /** The last contribution that the count includes; NaN if it is unknown. */
  newest: Instant
}

/** A ranked user as a board shows them. */
export interface RankingEntry {
  rank: number
  user: Profile
  count: number
  /** The last contribution that the count includes. */
  lastContributionAt: Instant
}

/** A part of a ranking, with everything that a board shows. */
export interface RankingPage {
  /** How many users are ranked, on all pages. */
  total: number
  entries: RankingEntry[]
  /** Whether entries follow. */
  more: boolean
}

/** A copy of a whole ranking: lists of users in the same order, ascending by ID. */
export interface RankingSnapshot {
  userIds: Float64Array
  counts: Int32Array
  /** NaN if it is unknown. */
  newest: Float64Array
  /** 1 for users who are left out of the ranking. */
  excluded: Uint8Array
  /** The indices in these lists of the ranked users, best first. */
  order: Uint32Array
}

/** Which part of a ranking: the first entries, those after an entry, or those around a user. */
export interface RankingPart {
  limit: number
  after?: { count: number; userId: number } | undefined
  /** Only users with at least this count; all by default. */
  min?: number | undefined
  /** The user in the middle; at either end of the ranking, the part is shifted to keep its size. */
  around?: number | undefined
}

/**
 * Users by count descending, then by ID, in typed arrays of 25 bytes a user. A batch of changes costs one pass over the
 * users, and the first read after it another. Any other read costs the logarithm of the number of users, and what it
 * returns. Pure: no I/O, no clock.
 */
export class Ranking {
  #users = new CountedUsers()
  /** The slots of the ranked users, best first; undefined after a change, until it is needed. */
  #sorted: Uint32Array | undefined = new Uint32Array(0)

  /** How many users are ranked. */
  get total(): number {
    return this.#order.length
  }

  /** How many bytes the structure holds. */
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

  /** Excludes users from the ranking or includes them again; keeps their counts. */
  exclude(users: ReadonlyMap<number, boolean>): void {
    for (const [userId, excluded] of users) {
      if (this.#users.exclude(userId, excluded)) this.#sorted = undefined
    }
  }

  /** Sets a user's newest instant. */
  learnNewest(userId: number, newest: Instant): void {
    this.#users.learnNewest(userId, newest)
  }

  /** The ranked users from an index on; 0 is the first. */
  slice(start: number, limit: number): RankedUser[] {
    return Array.from(this.#order.subarray(start, start + limit), (slot) => this.#userAt(slot))
  }

  /** The users of a part, and whether others follow. Around a user who is not ranked, there are none. */
  page({ limit, after, min = 1, around }: RankingPart): { users: RankedUser[]; more: boolean } {
    const start = after ? this.#indexAfter(after) : this.#startAround(around, limit)
    if (start === -1) return { users: [], more: false }
    const end = this.usersWithAtLeast(min)
    return { users: this.slice(start, Math.min(limit, Math.max(0, end - start))), more: start + limit < end }
  }

  /** The index of a user in the ranking; -1 for a user who is not ranked. */
  indexOf(userId: number): number {
    const slot = this.#users.slotOf(userId)
    if (slot === -1 || this.#users.excluded[slot] === 1) return -1
    const count = this.#countAt(slot)
    return this.#firstIndex(
      (other) => this.#countAt(other) < count || (this.#countAt(other) === count && other >= slot),
    )
  }

  /** A copy of everything that answers come from. */
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

  /** The first index whose slot passes, if all slots after it pass too; the order's length if none passes. */
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
