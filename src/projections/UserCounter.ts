import { DurableObject } from 'cloudflare:workers'
import type { DayCount } from '../contributions/calendar.ts'
import type { ContributionType } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Profile } from '../contributions/user.ts'
import { windowAt, type Window, type WindowLength } from '../contributions/window.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { lookForUser, type Look } from '../log/events.ts'
import { profileOf } from '../log/users.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import {
  addEvents,
  countDays,
  countsOver,
  countUser,
  countWindow,
  createTables,
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

/** A user's statistics, and the days of a range on which they contributed. */
export type UserPortrait = CounterAnswer<{ user: Profile; counts: UserCounts; days: DayCount[] }>

export type UserContributions = CounterAnswer<{ contributions: ListedContribution[]; more: boolean }>

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

  /** The user's statistics with the days of a range on which they contributed, of one position. */
  async portray(asking: Asking, asOf: Instant | undefined, days: CalendarQuery): Promise<UserPortrait> {
    return await this.#answer(asking, ({ user }) => ({
      user,
      counts: this.#counts(asking.now, asOf),
      days: countDays(this.ctx.storage.sql, days),
    }))
  }

  /** How many contributions of the user stand in a window of any length. */
  async countOne(asking: Asking, counting: Counting): Promise<CounterAnswer<{ count: number }>> {
    return await this.#answer(asking, () => ({ count: this.#countOne(asking.now, counting) }))
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
    if (before && before.epoch !== look.epoch) {
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
  }

  /** Live counts are kept until an event leaves a window; those for an instant are counted each time. */
  #counts(now: Instant, asOf: Instant | undefined): UserCounts {
    if (asOf !== undefined) return countUser(this.ctx.storage.sql, asOf, false)
    const kept = this.#counted
    if (kept && kept.countedAt <= now && now < kept.validUntil) return kept
    this.#counted = countUser(this.ctx.storage.sql, now, true)
    return this.#counted
  }

  #countOne(now: Instant, { window, type, asOf }: Counting): number {
    const live = asOf === undefined
    const kept = live ? countsOver(this.#counts(now, undefined), window) : undefined
    if (kept) return kept[type ?? 'total']
    return countWindow(this.ctx.storage.sql, windowAt(window, asOf ?? now, live), type)
  }
}
