import { DurableObject } from 'cloudflare:workers'
import type { DayCount } from '../../contributions/calendar.ts'
import type { ContributionType } from '../../contributions/contribution.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import { windowAt, type Window, type WindowLength } from '../../contributions/window.ts'
import { LogUnavailable } from '../../log/database.ts'
import type { Checkpoint } from '../../log/head.ts'
import type { ReadRequest, Unavailable } from '../LogFollower.ts'
import { countsOver, countUser, countWindow, type UserCounts } from './userCounts.ts'
import {
  countDays,
  digestEvents,
  listContributions,
  type CalendarQuery,
  type Cursor,
  type ListedContribution,
  type ListPlace,
} from './userEvents.ts'
import { UserHistory } from './userHistory.ts'

/** Nobody named this user, or they were erased. */
export interface NoUser {
  status: 'unknown'
}

/** `ageSeconds` is 0 unless the log could not be refreshed at. */
export type CounterAnswer<Found> =
  | ({ status: 'found'; position: number; ageSeconds: number } & Found)
  | NoUser
  | Unavailable

export type UserStatistics = CounterAnswer<{ user: Profile; complete: boolean; counts: UserCounts }>

/** A user's statistics, and the days of a range on which they contributed. */
export type UserPortrait = CounterAnswer<{ user: Profile; counts: UserCounts; days: DayCount[] }>

export type UserContributions = CounterAnswer<{ contributions: ListedContribution[]; more: boolean }>

/** All that a counter holds and answers from, for an audit. */
export interface HeldCounter {
  status: 'held'
  position: number
  /** The end of the log that it saw last. */
  seen: Checkpoint
  user: Profile
  erased: boolean
  complete: boolean
  counts: UserCounts
  /** Of every event that it holds, as `EventDigest` makes it. */
  events: string
}

/** Which of a user's contributions to count. */
export interface Counting {
  window: WindowLength
  type: ContributionType | undefined
  /** undefined for now. */
  asOf: Instant | undefined
}

/** Which of a user's contributions to list. */
export interface Listing {
  window: Window
  type: ContributionType | undefined
  /** As the log stood at this position; undefined for now. */
  position: number | undefined
  after: ListPlace | undefined
  limit: number
}

/** What was counted last, and for which of the history's changes. */
interface Counted {
  counts: UserCounts
  changes: number
}

/**
 * One user's projection of the log: answers from the events that its history holds in the object's own SQLite. It
 * holds no fact of its own.
 */
export class UserCounter extends DurableObject<Env> {
  #history: UserHistory
  #counted: Counted | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#history = new UserHistory(ctx.storage, env.DB, Number(ctx.id.name))
  }

  /** The user's statistics, live or for an instant. */
  async count(request: ReadRequest, asOf: Instant | undefined): Promise<UserStatistics> {
    return await this.#answer(request, (cursor) => ({
      user: cursor.user,
      complete: cursor.complete,
      counts: this.#counts(request.now, asOf),
    }))
  }

  /** The user's statistics with the days of a range on which they contributed, of one position. */
  async portray(request: ReadRequest, asOf: Instant | undefined, days: CalendarQuery): Promise<UserPortrait> {
    return await this.#answer(request, ({ user }) => ({
      user,
      counts: this.#counts(request.now, asOf),
      days: countDays(this.ctx.storage.sql, days),
    }))
  }

  /** How many contributions of the user stand in a window of any length. */
  async countOne(request: ReadRequest, counting: Counting): Promise<CounterAnswer<{ count: number }>> {
    return await this.#answer(request, () => ({ count: this.#countOne(request.now, counting) }))
  }

  /** The user's standing contributions, newest first. */
  async list(request: ReadRequest, listing: Listing): Promise<UserContributions> {
    const atLeast = Math.max(request.atLeast, listing.position ?? 0)
    return await this.#answer({ now: request.now, atLeast }, () => {
      const position = listing.position ?? this.#history.position
      const { contributions, more } = listContributions(this.ctx.storage.sql, { ...listing, position })
      return { contributions, more, position }
    })
  }

  /** The days of a range on which the user contributed. */
  async calendar(request: ReadRequest, query: CalendarQuery): Promise<CounterAnswer<{ days: DayCount[] }>> {
    return await this.#answer(request, () => ({ days: countDays(this.ctx.storage.sql, query) }))
  }

  /**
   * What the counter holds, after a look that begins now, and what it counts at `now`. One that holds nothing does
   * not look: it has no number that could be wrong, and goes on leaving nothing in storage.
   */
  async audit(now: Instant): Promise<HeldCounter | { status: 'nothing held' } | Unavailable> {
    if (this.#history.cursor === undefined) return { status: 'nothing held' }
    if (!(await this.#history.looks.refreshNow(now))) return this.#unavailable()
    const { cursor } = this.#history
    if (cursor === undefined) return { status: 'nothing held' }
    const { position, seen, user, erased, complete } = cursor
    const counts = this.#counts(now, undefined)
    const events = digestEvents(this.ctx.storage.sql)
    return { status: 'held', position, seen, user, erased, complete, counts, events }
  }

  /** Throws away what the counter holds as soon as the log answers, and follows the log from its beginning. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#history.invalidate()
    return (await this.#history.looks.refreshNow(now)) ? { status: 'rebuilt' } : this.#unavailable()
  }

  #unavailable(): Unavailable {
    return { status: 'unavailable', position: this.#history.position }
  }

  async #answer<Found extends object>(
    request: ReadRequest,
    find: (cursor: Readonly<Cursor>) => Found,
  ): Promise<CounterAnswer<Found>> {
    try {
      await this.#history.looks.catchUp(request)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return this.#unavailable()
    }
    const { cursor, position } = this.#history
    if (position < request.atLeast) return this.#unavailable()
    if (cursor === undefined || cursor.erased) return { status: 'unknown' }
    const ageSeconds = this.#history.looks.ageSeconds(request.now)
    return { status: 'found', position, ageSeconds, ...find(cursor) }
  }

  /** Live counts are kept until an event leaves a window; those for an instant are counted each time. */
  #counts(now: Instant, asOf: Instant | undefined): UserCounts {
    const { sql } = this.ctx.storage
    if (asOf !== undefined) return countUser(sql, asOf, false)
    const { changes } = this.#history
    const kept = this.#counted
    if (kept?.changes === changes && kept.counts.countedAt <= now && now < kept.counts.validUntil)
      return kept.counts
    const counts = countUser(sql, now, true)
    this.#counted = { counts, changes }
    return counts
  }

  #countOne(now: Instant, { window, type, asOf }: Counting): number {
    const live = asOf === undefined
    const kept = live ? countsOver(this.#counts(now, undefined), window) : undefined
    if (kept) return kept[type ?? 'total']
    return countWindow(this.ctx.storage.sql, windowAt(window, asOf ?? now, live), type)
  }
}
