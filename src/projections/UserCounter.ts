import { DurableObject } from 'cloudflare:workers'
import type { DayCount } from '../contributions/calendar.ts'
import type { ContributionType } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Profile } from '../contributions/user.ts'
import type { Window } from '../contributions/window.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { lookForUser, type Look } from '../log/events.ts'
import { profileOf } from '../log/users.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import {
  addEvents,
  countDays,
  countUser,
  createTables,
  digestEvents,
  dropTables,
  listContributions,
  loadCursor,
  saveCursor,
  type CalendarQuery,
  type Cursor,
  type ListedContribution,
  type ListPlace,
  type UserCounts,
} from './userEvents.ts'

/** How old a look may be and still answer: a user's own numbers follow a webhook's 200 within it. */
const freshMilliseconds = 1000

/** Events taken in one look; a user with more is caught up in several. */
const lookEvents = 5000

/** Nobody named this user, or they were erased. */
export interface NoUser {
  status: 'unknown'
}

export type CounterAnswer<Found> = ({ status: 'found'; position: number } & Found) | NoUser | Unavailable

export type UserStatistics = CounterAnswer<{ user: Profile; complete: boolean; counts: UserCounts }>

export type UserContributions = CounterAnswer<{ contributions: ListedContribution[]; more: boolean }>

/** All that a counter holds and answers from, for an audit. */
export interface HeldCounter {
  status: 'held'
  epoch: string
  position: number
  user: Profile
  erased: boolean
  complete: boolean
  counts: UserCounts
  /** Of every event that it holds, as `EventDigest` makes it. */
  events: string
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

/**
 * One user's projection of the log: the user's events, followed by position into the object's own SQLite, from
 * which it answers. It holds no fact of its own and rebuilds itself when the log's epoch changes. A look that
 * finds k events writes k + 1 rows; one that finds nothing writes none, so an id that nobody named leaves nothing.
 */
export class UserCounter extends DurableObject<Env> {
  #cursor: Cursor | undefined
  #position = 0
  #looks = new Looks(
    freshMilliseconds,
    async () => this.#lookAtLog(),
    () => this.#position,
  )
  #counted: UserCounts | undefined
  #isDistrusted = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#cursor = loadCursor(ctx.storage.sql)
    this.#position = this.#cursor?.position ?? 0
  }

  /** The user's statistics, live or for an instant. */
  async count(asking: Asking, asOf: Instant | undefined): Promise<UserStatistics> {
    return await this.#answer(asking, (cursor) => ({
      user: cursor.user,
      complete: cursor.complete,
      counts: this.#counts(asking.now, asOf),
    }))
  }

  /** The user's standing contributions, newest first. */
  async list(asking: Asking, listing: Listing): Promise<UserContributions> {
    const atLeast = Math.max(asking.atLeast, listing.position ?? 0)
    return await this.#answer({ now: asking.now, atLeast }, () => {
      const position = listing.position ?? this.#position
      const { contributions, more } = listContributions(this.ctx.storage.sql, { ...listing, position })
      return { contributions, more, position }
    })
  }

  /** The days of a range on which the user contributed. */
  async calendar(asking: Asking, query: CalendarQuery): Promise<CounterAnswer<{ days: DayCount[] }>> {
    return await this.#answer(asking, () => ({ days: countDays(this.ctx.storage.sql, query) }))
  }

  /**
   * What the counter holds, after a look that begins now, and what it counts at `now`. One that holds nothing does
   * not look: it has no number that could be wrong, and goes on leaving nothing in storage.
   */
  async audit(now: Instant): Promise<HeldCounter | { status: 'nothing held' } | Unavailable> {
    if (this.#cursor === undefined) return { status: 'nothing held' }
    try {
      await this.#looks.catchUp({ now, atLeast: Infinity })
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return { status: 'unavailable', position: this.#position }
    }
    const cursor: Cursor | undefined = this.#cursor
    if (cursor === undefined) return { status: 'nothing held' }
    const { epoch, user, erased, complete } = cursor
    const counts = this.#counts(now, undefined)
    const events = digestEvents(this.ctx.storage.sql)
    return { status: 'held', epoch, position: this.#position, user, erased, complete, counts, events }
  }

  /** Throws away what the counter holds as soon as the log answers, and follows the log from its beginning. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#isDistrusted = true
    try {
      await this.#looks.catchUp({ now, atLeast: Infinity })
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return { status: 'unavailable', position: this.#position }
    }
    return { status: 'rebuilt' }
  }

  async #answer<Found extends object>(
    asking: Asking,
    find: (cursor: Cursor) => Found,
  ): Promise<CounterAnswer<Found>> {
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      // What is here is still true at its position: serve it, unless nothing is, or more was asked for.
      if (this.#cursor === undefined) return { status: 'unavailable', position: this.#position }
    }
    if (this.#position < asking.atLeast) return { status: 'unavailable', position: this.#position }
    if (this.#cursor === undefined || this.#cursor.erased) return { status: 'unknown' }
    return { status: 'found', position: this.#position, ...find(this.#cursor) }
  }

  async #lookAtLog(): Promise<void> {
    for (let more = true; more;) {
      const before = this.#cursor
      const [look] = await ask(
        this.env.DB,
        lookForUser(this.env.DB, Number(this.ctx.id.name), before?.position ?? 0, lookEvents),
      )
      more = this.#apply(before, look)
    }
  }

  /** Takes in what a look found, in one transaction; returns whether to look again. */
  #apply(before: Cursor | undefined, look: Look): boolean {
    const { storage } = this.ctx
    if (this.#cursor !== before) throw new Error('Two looks at once: the counter looks one at a time')
    const isDistrusted = this.#isDistrusted
    this.#isDistrusted = false
    if (before && (isDistrusted || before.epoch !== look.epoch)) {
      storage.transactionSync(() => dropTables(storage.sql))
      this.#forget()
      return true
    }
    if (look.user === undefined) {
      this.#position = look.position
      return false
    }
    const full = look.events.length === lookEvents
    const position = full ? (look.events.at(-1)?.position ?? look.position) : look.position
    const after: Cursor = {
      epoch: look.epoch,
      position,
      complete: look.complete,
      erased: look.user.is_erased === 1,
      user: profileOf(look.user),
    }
    const changed =
      before === undefined ||
      look.events.length > 0 ||
      JSON.stringify({ ...before, position }) !== JSON.stringify(after)
    if (changed) {
      storage.transactionSync(() => {
        if (before === undefined) createTables(storage.sql)
        addEvents(storage.sql, look.events)
        saveCursor(storage.sql, after)
      })
      this.#counted = undefined
    }
    this.#cursor = after
    this.#position = position
    return full
  }

  #forget(): void {
    this.#cursor = undefined
    this.#position = 0
    this.#counted = undefined
    this.#looks.expire()
  }

  /** Live counts are kept until an event leaves a window; those for an instant are counted each time. */
  #counts(now: Instant, asOf: Instant | undefined): UserCounts {
    if (asOf !== undefined) return countUser(this.ctx.storage.sql, asOf, false)
    const kept = this.#counted
    if (kept && kept.countedAt <= now && now < kept.validUntil) return kept
    this.#counted = countUser(this.ctx.storage.sql, now, true)
    return this.#counted
  }
}
