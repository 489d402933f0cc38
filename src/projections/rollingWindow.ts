import type { Rule } from '../contributions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { Change } from '../contributions/countedUsers.ts'
import { Ranking, type RankedUser } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { windowAt } from '../contributions/window.ts'
import { ask } from '../log/database.ts'
import { readHead, type Place } from '../log/head.ts'
import {
  readChangedUsers,
  readEntryDetails,
  readLeaving,
  readNews,
  readRevision,
  type ChangedUser,
  type Exclusion,
} from '../log/questions/tally.ts'
import { rankLog } from './rankLog.ts'

/** Events, and users, taken in one look; more are taken in several. */
const lookEvents = 50_000
const lookUsers = 2000

/** Profiles kept for entries that are shown again and again. */
const profilesMax = 5000

/** The places whose details are there before anybody asks, so that a page can be shown while the log is out of reach. */
const shownMax = 100

/** A request whose clock is this much behind the window is answered by the window's; a window cannot roll back. */
const clocksDifferMilliseconds = 60_000

/** What a window counts. */
export interface WindowRule {
  rule: Rule
  exclusion: Exclusion
  windowDays: number | null
  locale: string | undefined
  product: string | undefined
  defaultLocale: string
}

/** Scans the log when the turn comes; throws LogUnavailable when that takes too long. */
export type InTurn = <Answer>(scan: () => Promise<Answer>) => Promise<Answer>

/** How far a window has followed the log. */
interface State {
  position: number
  /** The end of the log at the last look, at `position` or after. */
  seen: Place
  /** The last user whose facts were taken, in order of revision. */
  user: { revision: number; userId: number }
  asOf: Instant
}

/**
 * A ranking kept up with the log and the clock: new events come in by position, what leaves the window goes by
 * time. At every moment it is exactly the ranking at `position` for the live window that ends at `asOf`.
 */
export class RollingWindow {
  ranking = new Ranking()
  profiles = new Map<number, Profile>()
  #state: State | undefined
  #isDistrusted = false
  #db: D1Database
  #rule: WindowRule
  #inTurn: InTurn

  constructor(db: D1Database, rule: WindowRule, inTurn: InTurn) {
    this.#db = db
    this.#rule = rule
    this.#inTurn = inTurn
  }

  get isBuilt(): boolean {
    return this.#state !== undefined
  }

  get position(): number {
    return this.#state?.position ?? 0
  }

  get asOf(): Instant {
    return this.#state?.asOf ?? 0
  }

  /** The end of the log that it saw last; undefined for a window that is not built. */
  get seen(): Place | undefined {
    return this.#state?.seen
  }

  /** Whether what is held has to be built anew; until then it stays as it was, so that no caller sees half a window. */
  distrust(): void {
    this.#isDistrusted = true
  }

  /** Frees the memory; the next refresh builds the window anew. */
  forget(): void {
    this.#state = undefined
    this.ranking = new Ranking()
    this.profiles = new Map()
  }

  /**
   * Reads what brings the window up to the log and to `now`. The function that it resolves to stores that, and returns
   * whether there is more to read; it must not be called once `forget` or `distrust` was. Throws LogUnavailable.
   */
  async read(now: Instant): Promise<() => boolean> {
    const state = this.#state
    const isUsable = state !== undefined && !this.#isDistrusted
    if (!isUsable || now < state.asOf - clocksDifferMilliseconds)
      return await this.#inTurn(async () => await this.#readAnew(now))
    return await this.#readOn(state, Math.max(now, state.asOf))
  }

  /** Reads what a page from the beginning of the board shows beside the numbers. */
  async readDetails(): Promise<void> {
    if (this.#rule.exclusion === 'board') await this.learnDetails(this.ranking.slice(0, shownMax))
  }

  /** Fills in profiles and last contributions that the entries of these users need. */
  async learnDetails(users: readonly RankedUser[]): Promise<void> {
    const state = this.#state
    if (state === undefined) return
    const unknown = users.filter(({ userId, newest }) => Number.isNaN(newest) || !this.profiles.has(userId))
    if (unknown.length === 0) return
    const selection = this.#selection(state.asOf, state.position)
    const [details] = await ask(this.#db, readEntryDetails(this.#db, selection, unknown))
    if (this.#state !== state) return
    if (this.profiles.size + details.length > profilesMax) this.profiles.clear()
    for (const { profile, newest } of details) {
      this.profiles.set(profile.id, profile)
      this.ranking.learnNewest(profile.id, newest)
    }
  }

  #selection(asOf: Instant, position: number | undefined): Selection {
    const { rule, windowDays, locale, product, defaultLocale } = this.#rule
    return { rule, window: windowAt(windowDays, asOf, true), locale, product, defaultLocale, position }
  }

  async #readAnew(now: Instant): Promise<() => boolean> {
    const [{ place }, revision] = await ask(this.#db, readHead(this.#db, undefined), readRevision(this.#db))
    const { position } = place
    const selection = { ...this.#selection(now, position), position }
    const ranking = await rankLog(this.#db, selection, this.#rule.exclusion)
    return () => {
      this.ranking = ranking
      this.profiles = new Map()
      this.#isDistrusted = false
      // What changed of users while the slices were read comes again with the next look, which does no harm.
      this.#state = { position, seen: place, user: { revision, userId: Number.MAX_SAFE_INTEGER }, asOf: now }
      return false
    }
  }

  /** Reads what is new and what has left. */
  async #readOn(state: State, now: Instant): Promise<() => boolean> {
    const { exclusion } = this.#rule
    const before = this.#selection(state.asOf, state.position)
    const after = this.#selection(now, undefined)
    const upTo = state.position + lookEvents
    const leaving = { ...before, window: { from: before.window.from, to: after.window.from } }
    const [head, revision, left, news, users] = await ask(
      this.#db,
      readHead(this.#db, state.seen),
      readRevision(this.#db),
      readLeaving(this.#db, leaving, exclusion),
      readNews(this.#db, after, exclusion, state.position, upTo),
      readChangedUsers(this.#db, exclusion, state.user, lookUsers),
    )
    return () => {
      // The log is another one, or so much leaves at once that not all of it was read.
      if (!head.continues || revision < state.user.revision || left === 'too many') {
        this.forget()
        return true
      }
      this.#take([left, news], users)
      const { position } = head.place
      const last = users.at(-1)
      this.#state = {
        position: Math.min(position, upTo),
        seen: head.place,
        user: last ? { revision: last.revision, userId: last.profile.id } : state.user,
        asOf: now,
      }
      return position > upTo || users.length === lookUsers
    }
  }

  #take(changes: Change[][], users: ChangedUser[]): void {
    try {
      for (const batch of changes) this.ranking.apply(batch)
    } catch (error) {
      this.forget() // half of it may be in
      throw error
    }
    this.ranking.exclude(new Map(users.map(({ profile, excluded }) => [profile.id, excluded])))
    for (const { profile } of users) {
      if (this.profiles.has(profile.id)) this.profiles.set(profile.id, profile)
    }
  }
}
