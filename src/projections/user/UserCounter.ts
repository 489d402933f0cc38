import { DurableObject } from 'cloudflare:workers'
import type { DayCount } from '../../contributions/calendar.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import {
  afterAllEvents,
  type Instant,
  windowOf,
  type Span,
  type Window,
} from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import { isFailure, notFound, type Failure, type Result } from '../../failure.ts'
import type { ListedFacts } from '../../log/queries/events.ts'
import { noFilter, type Filter } from '../../contributions/selection.ts'
import type { Checkpoint } from '../../log/head.ts'
import { LogFollower, type ReadRequest } from '../LogFollower.ts'
import {
  countPeriod,
  countsOver,
  countUser,
  countWindow,
  type PeriodCounts,
  type UserCounts,
} from './userCounts.ts'
import {
  countDays,
  digestEvents,
  listContributions,
  type CalendarQuery,
  type CounterState,
  type ListedContribution,
  type ListKey,
} from './userEvents.ts'
import { ShownFacts } from './shownFacts.ts'
import { UserHistory } from './userHistory.ts'

/** The failure for an unknown user and for an erased one, so that callers cannot tell them apart. */
export const noSuchUser: Failure = notFound('No such contributor')

/**
 * What an answer about a user reflects: the user's events up to a position, their facts up to a revision, and whether
 * the whole history is declared complete.
 */
export interface Reflected {
  userId: number
  position: number
  revision: number
  complete: boolean
  /**
   * How many milliseconds before the request the log was read; 0 if it was read after the request began. undefined from
   * a counter still running an earlier deployment.
   */
  lag: number | undefined
}

/** The part common to all answers of a counter. */
export interface CounterMoment {
  /** The position that the answer reflects. */
  position: number
  /** 0 unless the log could not be read. */
  ageSeconds: number
  /** The state of the log that the answer reflects; undefined if the counter still runs an earlier deployment. */
  reflects: Reflected | undefined
}

/** An answer of a counter, or a failure. */
export type CounterAnswer<Found> = Result<CounterMoment & Found>

export interface UserStatistics {
  user: Profile
  complete: boolean
  counts: UserCounts
  /** The counts of the requested period; undefined without one. */
  period: PeriodCounts | undefined
}

/** A user's counts, and the days of a range on which they contributed. */
export interface UserPortrait {
  user: Profile
  counts: UserCounts
  days: DayCount[]
}

export interface UserContributions {
  contributions: (ListedContribution & ListedFacts)[]
  more: boolean
}

/** A summary of everything that a counter stores, for an audit. */
export interface StoredCounter {
  position: number
  /** The end of the log at the last refresh. */
  seen: Checkpoint
  user: Profile
  erased: boolean
  complete: boolean
  counts: UserCounts
  /** The `EventDigest` of all stored events. */
  events: string
}

/** Which of a user's contributions to count. */
export interface Counting extends Filter {
  span: Span
  type: ContributionType | undefined
  /** undefined for now. */
  asOf: Instant | undefined
}

/** A count, and when it may change even if the log does not grow. */
export interface CountedWindow {
  count: number
  validUntil: Instant
}

/** Which of a user's contributions to list. */
export interface Listing extends Filter {
  window: Window
  type: ContributionType | undefined
  /** The position of the log to list at; undefined for the current one. */
  position: number | undefined
  after: ListKey | undefined
  /** How many contributions to skip. */
  offset?: number | undefined
  limit: number
}

/** Live counts, and the value of `UserHistory.changes` for which they hold. */
interface CachedCounts {
  counts: UserCounts
  changes: number
}

/** Counts and lists one user's contributions from the events in its own storage. Holds no fact that is not in the log. */
export class UserCounter extends DurableObject<Env> {
  #history: UserHistory
  #follower: LogFollower
  #cached: CachedCounts | undefined
  #shownFacts: ShownFacts

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#history = new UserHistory(ctx.storage, env.DB, Number(ctx.id.name))
    this.#follower = new LogFollower(this.#history)
    this.#shownFacts = new ShownFacts(env.DB)
  }

  /** The user's statistics, live or as of an instant, optionally with the counts of a period. */
  async count(
    request: ReadRequest,
    asOf: Instant | undefined,
    period?: Window,
  ): Promise<CounterAnswer<UserStatistics>> {
    return await this.#answer(request, ({ user, complete }) => ({
      user,
      complete,
      counts: this.#counts(request.now, asOf),
      period: period && countPeriod(this.ctx.storage.sql, period),
    }))
  }

  /** The user's counts and active days in a range, both at the same position and for the filter in `days`. */
  async portray(
    request: ReadRequest,
    asOf: Instant | undefined,
    days: CalendarQuery,
  ): Promise<CounterAnswer<UserPortrait>> {
    return await this.#answer(request, ({ user }) => ({
      user,
      counts: this.#counts(request.now, asOf, days),
      days: countDays(this.ctx.storage.sql, days),
    }))
  }

  /** The number of the user's contributions in any window or period. */
  async countOne(request: ReadRequest, counting: Counting): Promise<CounterAnswer<CountedWindow>> {
    return await this.#answer(request, () => this.#countOne(request.now, counting))
  }

  /** The user's contributions, newest first. */
  async list(request: ReadRequest, listing: Listing): Promise<CounterAnswer<UserContributions>> {
    const atLeast = Math.max(request.atLeast, listing.position ?? 0)
    const found = await this.#answer({ now: request.now, atLeast }, () => {
      const position = listing.position ?? this.#history.position
      return { ...listContributions(this.ctx.storage.sql, { ...listing, position }), position }
    })
    if (isFailure(found)) return found
    return {
      ...found,
      contributions: await this.#shownFacts.addTo(found.contributions, found.ageSeconds > 0),
    }
  }

  /** The days of a range on which the user contributed. */
  async calendar(request: ReadRequest, query: CalendarQuery): Promise<CounterAnswer<{ days: DayCount[] }>> {
    return await this.#answer(request, () => ({ days: countDays(this.ctx.storage.sql, query) }))
  }

  /**
   * What the counter stores after a refresh that begins now, and its counts at `now`; null if it stores nothing. An
   * empty counter is not refreshed: it has no number that could be wrong, and its storage stays empty.
   */
  async audit(now: Instant): Promise<Result<StoredCounter | null>> {
    if (this.#history.state === undefined) return null
    const failure = await this.#follower.refreshNow(now)
    if (isFailure(failure)) return failure
    const { state } = this.#history
    if (state === undefined) return null
    const { position, seen, user, erased, complete } = state
    const counts = this.#counts(now, undefined)
    const events = digestEvents(this.ctx.storage.sql)
    return { position, seen, user, erased, complete, counts, events }
  }

  /** Reads what the log has now, however new the counter is. Returns a failure if the log cannot be read. */
  async refresh(now: Instant): Promise<Failure | undefined> {
    return await this.#follower.refreshNow(now)
  }

  /** Rebuilds the counter from the beginning of the log. */
  async rebuild(now: Instant): Promise<Failure | undefined> {
    this.#follower.invalidate()
    return await this.#follower.refreshNow(now)
  }

  async #answer<Found extends object>(
    request: ReadRequest,
    find: (state: Readonly<CounterState>) => Found,
  ): Promise<CounterAnswer<Found>> {
    const calledAt = Date.now()
    return await this.#follower.answer(request, (): CounterAnswer<Found> => {
      const { state, position } = this.#history
      if (state === undefined || state.erased) return noSuchUser
      const { user, revision, complete } = state
      const lag = this.#follower.lagAt(calledAt)
      const reflects = { userId: user.id, position, revision, complete, lag }
      return { position, ageSeconds: this.#follower.ageSeconds(request.now), reflects, ...find(state) }
    })
  }

  /**
   * Live counts are cached until an event leaves a window. Counts as of an instant, or for a locale or product, are
   * not.
   */
  #counts(now: Instant, asOf: Instant | undefined, filter: Filter = noFilter): UserCounts {
    const { sql } = this.ctx.storage
    const isPart = filter.locale !== undefined || filter.product !== undefined
    if (asOf !== undefined || isPart) return countUser(sql, asOf ?? now, asOf === undefined, filter)
    const { changes } = this.#history
    const cached = this.#cached
    if (cached?.changes === changes && cached.counts.countedAt <= now && now < cached.counts.validUntil)
      return cached.counts
    const counts = countUser(sql, now, true, noFilter)
    this.#cached = { counts, changes }
    return counts
  }

  #countOne(now: Instant, counting: Counting): CountedWindow {
    const { span, type, asOf } = counting
    const live = asOf === undefined
    const { sql } = this.ctx.storage
    const count = (): number => countWindow(sql, windowOf(span, asOf ?? now, live), type, counting)
    if (!live || !('length' in span)) return { count: count(), validUntil: afterAllEvents }
    const all = this.#counts(now, undefined, counting)
    const counts = countsOver(all, span.length)
    if (counts) return { count: counts[type ?? 'total'] ?? 0, validUntil: all.validUntil }
    return { count: count(), validUntil: now }
  }
}
