import { DurableObject } from 'cloudflare:workers'
import type { DayCount } from '../contributions/calendar.ts'
import type { ContributionType } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Profile } from '../contributions/user.ts'
import { windowAt, type Window, type WindowLength } from '../contributions/window.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { readUserEvents, type UserEventRow } from '../log/events.ts'
import { readHead, type LogHead, type Place } from '../log/head.ts'
import type { UserRow } from '../log/schema.ts'
import { profileOf, readUser } from '../log/users.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import {
  addEvents,
  countDays,
  countsOver,
  countUser,
  countWindow,
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

/** `ageSeconds` is 0 unless the log could not be looked at. */
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
  seen: Place
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

/** What a counter finds when it looks at the log, in one transaction. */
interface Findings {
  now: Instant
  head: LogHead
  /** What is known of the user; undefined when no message named them. */
  user: UserRow | undefined
  events: UserEventRow[]
}

/** What a counter knows, but for how far it has come: what it keeps is written again when this changes. */
const knownOf = ({ seen, complete, erased, user }: Cursor): string =>
  JSON.stringify([seen.epoch, complete, erased, user])

/**
 * One user's projection of the log: the user's events, followed by position into the object's own SQLite, from
 * which it answers. It holds no fact of its own and rebuilds itself when the log is no longer the one that it followed
 * (another epoch, or restored to before what it saw). A look that
 * finds k events writes k + 1 rows; one that finds nothing writes none, so an id that nobody named leaves nothing.
 */
export class UserCounter extends DurableObject<Env> {
  #cursor: Cursor | undefined
  #position = 0
  #looks: Looks
  #counted: UserCounts | undefined
  #isDistrusted = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#cursor = loadCursor(ctx.storage.sql)
    this.#position = this.#cursor?.position ?? 0
    this.#looks = new Looks({
      freshMilliseconds,
      look: async (now) => this.#lookAtLog(now),
      position: () => this.#position,
      // Half a history is true at its position, but nobody takes it for an answer.
      isBuilt: () => typeof this.#cursor?.lookedAt === 'number',
      lookedAt: this.#cursor?.lookedAt ?? undefined,
    })
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

  /**
   * What the counter holds, after a look that begins now, and what it counts at `now`. One that holds nothing does
   * not look: it has no number that could be wrong, and goes on leaving nothing in storage.
   */
  async audit(now: Instant): Promise<HeldCounter | { status: 'nothing held' } | Unavailable> {
    if (this.#cursor === undefined) return { status: 'nothing held' }
    if (!(await this.#looks.lookAnew(now))) return this.#unavailable()
    const cursor: Cursor | undefined = this.#cursor
    if (cursor === undefined) return { status: 'nothing held' }
    const { position, seen, user, erased, complete } = cursor
    const counts = this.#counts(now, undefined)
    const events = digestEvents(this.ctx.storage.sql)
    return { status: 'held', position, seen, user, erased, complete, counts, events }
  }

  /** Throws away what the counter holds as soon as the log answers, and follows the log from its beginning. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#isDistrusted = true
    return (await this.#looks.lookAnew(now)) ? { status: 'rebuilt' } : this.#unavailable()
  }

  #unavailable(): Unavailable {
    return { status: 'unavailable', position: this.#position }
  }

  async #answer<Found extends object>(
    asking: Asking,
    find: (cursor: Cursor) => Found,
  ): Promise<CounterAnswer<Found>> {
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return this.#unavailable()
    }
    const position = this.#position
    if (position < asking.atLeast) return this.#unavailable()
    if (this.#cursor === undefined || this.#cursor.erased) return { status: 'unknown' }
    const ageSeconds = this.#looks.ageSeconds(asking.now)
    return { status: 'found', position, ageSeconds, ...find(this.#cursor) }
  }

  async #lookAtLog(now: Instant): Promise<void> {
    const { DB } = this.env
    const id = Number(this.ctx.id.name)
    for (let more = true; more;) {
      const before = this.#cursor
      const [head, user, events] = await ask(
        DB,
        readHead(DB, before?.seen),
        readUser(DB, id),
        readUserEvents(DB, id, before?.position ?? 0, lookEvents),
      )
      more = this.#apply(before, { now, head, user, events })
    }
  }

  /** Takes in what a look found, in one transaction; returns whether to look again. */
  #apply(before: Cursor | undefined, { now, head, user, events }: Findings): boolean {
    const { storage } = this.ctx
    if (this.#cursor !== before) throw new Error('Two looks at once: the counter looks one at a time')
    const isDistrusted = this.#isDistrusted
    this.#isDistrusted = false
    if (before && (isDistrusted || !head.continues || user === undefined)) {
      storage.transactionSync(() => dropTables(storage.sql))
      this.#forget()
      return true
    }
    if (user === undefined) {
      this.#position = head.place.position
      return false
    }
    const full = events.length === lookEvents
    const position = full ? (events.at(-1)?.position ?? head.place.position) : head.place.position
    const after: Cursor = {
      position,
      seen: head.place,
      lookedAt: full ? (before?.lookedAt ?? null) : now,
      complete: head.complete,
      erased: user.is_erased === 1,
      user: profileOf(user),
    }
    const finishes = before?.lookedAt === null && !full
    if (before === undefined || finishes || events.length > 0 || knownOf(before) !== knownOf(after)) {
      storage.transactionSync(() => {
        if (before === undefined) createTables(storage.sql)
        addEvents(storage.sql, events)
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

  #countOne(now: Instant, { window, type, asOf }: Counting): number {
    const live = asOf === undefined
    const kept = live ? countsOver(this.#counts(now, undefined), window) : undefined
    if (kept) return kept[type ?? 'total']
    return countWindow(this.ctx.storage.sql, windowAt(window, asOf ?? now, live), type)
  }
}
