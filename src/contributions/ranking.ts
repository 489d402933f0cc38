import { CountedUsers, type Change } from './countedUsers.ts'
import type { Instant } from './instant.ts'
import { orderByCount } from './orderByCount.ts'
import type { Profile } from './user.ts'

/** One user's place. Equal counts share a rank and the next is skipped. */
export interface RankedUser {
  userId: number
  rank: number
  count: number
  /** NaN where it is not known. */
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

/** A part of a ranking with everything that a board shows. */
export interface RankingPage {
  /** How many users are ranked, on all pages. */
  total: number
  entries: RankingEntry[]
  /** Whether entries follow. */
  more: boolean
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

/**
 * Users by count descending, then by id: who is where, and how many have at least so much. Typed arrays, 25 bytes a
 * user. A batch of changes costs one pass over the users, and the first question after it one more; else a question
 * costs the logarithm of their number and what it returns. Pure: no I/O, no clock.
 */
export class Ranking {
  #users = new CountedUsers()
  /** The slots of those who are ranked, best first; undefined until asked for after a change. */
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

  /** Takes in a batch of changes: at most one a user, in ascending order of user id. */
  apply(changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.#users.apply(changes)
    this.#sorted = undefined
  }

  /** Gives users, or takes from them, their places; their counts stay. */
  exclude(users: ReadonlyMap<number, boolean>): void {
    for (const [userId, excluded] of users) {
      if (this.#users.exclude(userId, excluded)) this.#sorted = undefined
    }
  }

  /** Fills in what was not known. */
  learnNewest(userId: number, newest: Instant): void {
    this.#users.learnNewest(userId, newest)
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
    const slot = this.#users.slotOf(userId)
    if (slot === -1 || this.#users.excluded[slot] === 1) return -1
    const count = this.#countAt(slot)
    return this.#firstPlace(
      (other) => this.#countAt(other) < count || (this.#countAt(other) === count && other >= slot),
    )
  }

  /** Everything that answers come from. */
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
    return this.#firstPlace((slot) => this.#countAt(slot) < count)
  }

  get #order(): Uint32Array {
    this.#sorted ??= orderByCount(this.#users.counts, this.#users.excluded)
    return this.#sorted
  }

  #placeAfter({ count, userId }: { count: number; userId: number }): number {
    return this.#firstPlace((slot) => {
      const other = this.#countAt(slot)
      return other < count || (other === count && (this.#users.userIds[slot] ?? 0) > userId)
    })
  }

  #startAround(userId: number | undefined, limit: number): number {
    if (userId === undefined) return 0
    const place = this.placeOf(userId)
    return place === -1 ? -1 : Math.max(0, Math.min(place - (limit - 1) / 2, this.total - limit))
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
}
