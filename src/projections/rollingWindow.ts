import type { ContributionType } from '../contributions/contribution.ts'
import type { Rule } from '../contributions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import { Ranking, type RankedUser } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import { windowAt } from '../contributions/window.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import {
  readChangedUsers,
  readEntryDetails,
  readHead,
  readLeaving,
  readNews,
  readSliceEnd,
  readTally,
  type Exclusion,
} from '../log/tally.ts'

/** Events, and users, taken in one look; more are taken in several. */
const lookEvents = 50_000
const lookUsers = 5000

/** Profiles kept for entries that are shown again and again. */
const profilesMax = 5000

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

/** How far a window has followed the log. */
interface State {
  epoch: string
  position: number
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

  constructor(db: D1Database, rule: WindowRule) {
    this.#db = db
    this.#rule = rule
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

  /** Which log it follows. */
  get epoch(): string {
    return this.#state?.epoch ?? ''
  }

  /** The next look builds it anew; until then it is as it was, so that nobody is shown half a window. */
  distrust(): void {
    this.#isDistrusted = true
  }

  /** Throws itself away; the next look builds it anew. */
  forget(): void {
    this.#state = undefined
    this.ranking = new Ranking()
    this.profiles = new Map()
  }

  /**
   * Brings the window up to the log and to `now`. Throws LogUnavailable; then nothing has changed. After any other
   * error the next look builds it anew, because what it holds does not fit the log.
   */
  async lookAtLog(now: Instant): Promise<void> {
    for (let more = true; more;) {
      const state = this.#state
      const isUsable = state !== undefined && !this.#isDistrusted
      if (!isUsable || now < state.asOf - clocksDifferMilliseconds) {
        await this.#build(now)
        return
      }
      try {
        more = await this.#advance(state, Math.max(now, state.asOf))
      } catch (error) {
        if (!(error instanceof LogUnavailable)) this.distrust()
        throw error
      }
    }
  }

  /** Fills in profiles and last contributions that the entries of these users need. */
  async learnDetails(users: readonly RankedUser[]): Promise<void> {
    const state = this.#state
    if (state === undefined) return
    const unknown = users.filter(({ userId, newest }) => Number.isNaN(newest) || !this.profiles.has(userId))
    const ids = unknown.map(({ userId }) => userId)
    const [details] = await ask(
      this.#db,
      readEntryDetails(this.#db, this.#selection(state.asOf, state.position), ids),
    )
    if (this.#state !== state) return
    if (this.profiles.size + details.length > profilesMax) this.profiles.clear()
    for (const { profile, newest } of details) {
      this.profiles.set(profile.id, profile)
      if (newest !== null) this.ranking.learnNewest(profile.id, newest)
    }
  }

  #selection(asOf: Instant, position: number | undefined): Selection {
    const { rule, windowDays, locale, product, defaultLocale } = this.#rule
    return { rule, window: windowAt(windowDays, asOf, true), locale, product, defaultLocale, position }
  }

  async #build(now: Instant): Promise<void> {
    const [{ epoch, position, revision }] = await ask(this.#db, readHead(this.#db))
    const whole = this.#selection(now, position)
    const ranking = new Ranking()
    for (const type of whole.rule.types) await this.#buildOfType(ranking, whole, type)
    this.ranking = ranking
    this.profiles = new Map()
    this.#isDistrusted = false
    // What changed of users while the slices were read comes again with the next look, which does no harm.
    this.#state = { epoch, position, user: { revision, userId: Number.MAX_SAFE_INTEGER }, asOf: now }
  }

  /**
   * Slice by slice; with each is asked where the next one ends. What is at or below a position never changes, so
   * the slices of one position fit together whatever is appended between them.
   */
  async #buildOfType(ranking: Ranking, whole: Selection, type: ContributionType): Promise<void> {
    const rule = { ...whole.rule, types: [type] }
    const { to } = whole.window
    let { from } = whole.window
    let [end] = await ask(this.#db, readSliceEnd(this.#db, type, from, to))
    while (from < to) {
      const slice = { ...whole, rule, window: { from, to: end } }
      const [changes, nextEnd] = await ask(
        this.#db,
        readTally(this.#db, slice, this.#rule.exclusion),
        readSliceEnd(this.#db, type, end, to),
      )
      ranking.apply(changes)
      from = end
      end = nextEnd
    }
  }

  /** Takes in what is new and lets go of what has left; returns whether there is more. */
  async #advance(state: State, now: Instant): Promise<boolean> {
    const { exclusion } = this.#rule
    const before = this.#selection(state.asOf, state.position)
    const after = this.#selection(now, undefined)
    const upTo = state.position + lookEvents
    const leaving = { ...before, window: { from: before.window.from, to: after.window.from } }
    const [head, left, news, users] = await ask(
      this.#db,
      readHead(this.#db),
      readLeaving(this.#db, leaving, exclusion),
      readNews(this.#db, after, exclusion, state.position, upTo),
      readChangedUsers(this.#db, exclusion, state.user, lookUsers),
    )
    if (head.epoch !== state.epoch || head.position < state.position) {
      this.forget()
      return true
    }
    this.ranking.apply(left)
    this.ranking.apply(news)
    this.ranking.exclude(new Map(users.map(({ profile, excluded }) => [profile.id, excluded])))
    for (const { profile } of users) {
      if (this.profiles.has(profile.id)) this.profiles.set(profile.id, profile)
    }
    const last = users.at(-1)
    this.#state = {
      epoch: state.epoch,
      position: Math.min(head.position, upTo),
      user: last ? { revision: last.revision, userId: last.profile.id } : state.user,
      asOf: now,
    }
    return head.position > upTo || users.length === lookUsers
  }
}
