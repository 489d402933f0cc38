import type { Rule } from '../../definitions/definitions.ts'
import { clocksDifferMilliseconds, type Instant, windowAt } from '../../contributions/instant.ts'
import type { Change } from '../../contributions/countedUsers.ts'
import { Ranking, type RankedUser } from '../../contributions/ranking.ts'
import { countContributions, type Selection } from '../../contributions/selection.ts'
import type { Profile } from '../../contributions/user.ts'
import { runBatch } from '../../log/database.ts'
import { readHead, type Checkpoint, readRevision } from '../../log/head.ts'
import {
  readChangedUsers,
  readEntryDetails,
  readExpiredEvents,
  readNewEvents,
  type ChangedUser,
  type RankingKind,
} from '../../log/queries/tally.ts'
import type { Projection, Update } from '../LogFollower.ts'
import { rankLog } from './rankLog.ts'
import type { InTurn } from '../scans/takeTurn.ts'

/** Events and changed users per read. */
const pageEvents = 50_000
const pageUsers = 2000

/** The maximum number of profiles in memory. */
const profilesMax = 5000

/** The number of top entries of a board whose details are read in advance, so that they can be shown while D1 is down. */
const shownMax = 100

/** What a window counts. */
export interface WindowRule {
  rule: Rule
  kind: RankingKind
  windowDays: number | null
  locale: string | undefined
  product: string | undefined
  defaultLocale: string
}

/** How far a window has followed the log and the clock. */
interface State {
  position: number
  /** The end of the log at the last refresh, at `position` or after. */
  seen: Checkpoint
  /** The last changed user that was read, in order of revision. */
  user: { revision: number; userId: number }
  asOf: Instant
}

/**
 * A ranking that follows the log and the clock: it adds new events by position, and subtracts events that leave the
 * window. It always equals the ranking computed from the log up to `position`, for the live window that ends at `asOf`.
 */
export class RollingWindow implements Projection {
  readonly freshMilliseconds = 2000
  ranking = new Ranking()
  profiles = new Map<number, Profile>()
  #state: State | undefined
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

  /** The end of the log at the last refresh; undefined if the window is not built. */
  get seen(): Checkpoint | undefined {
    return this.#state?.seen
  }

  /** Reads new and expired events, or builds the window from the log. Throws LogUnavailable. */
  async read(now: Instant, fromStart: boolean): Promise<Update> {
    const state = this.#state
    // A request whose clock is slightly behind gets the window's own instant, because a window cannot move back.
    if (fromStart || state === undefined || now < state.asOf - clocksDifferMilliseconds)
      return await this.#inTurn(async () => await this.#readWindow(now))
    return await this.#readChanges(state, Math.max(now, state.asOf))
  }

  /** Reads the details of a board's top entries. */
  async readDetails(): Promise<void> {
    if (this.#rule.kind === 'board') await this.learnDetails(this.ranking.slice(0, shownMax))
  }

  forget(): void {
    this.#state = undefined
    this.ranking = new Ranking()
    this.profiles = new Map()
  }

  /** Reads the missing profiles and newest contributions of these users. */
  async learnDetails(users: readonly RankedUser[]): Promise<void> {
    const state = this.#state
    if (state === undefined) return
    const unknown = users.filter(({ userId, newest }) => Number.isNaN(newest) || !this.profiles.has(userId))
    if (unknown.length === 0) return
    const selection = this.#selection(state.asOf, state.position)
    const [details] = await runBatch(this.#db, readEntryDetails(this.#db, selection, unknown))
    if (this.#state !== state) return
    if (this.profiles.size + details.length > profilesMax) this.profiles.clear()
    for (const { profile, newest } of details) {
      this.profiles.set(profile.id, profile)
      this.ranking.learnNewest(profile.id, newest)
    }
  }

  #selection(asOf: Instant, position: number | undefined): Selection {
    const { rule, windowDays, locale, product, defaultLocale } = this.#rule
    const window = windowAt(windowDays, asOf, true)
    return { rule, window, locale, product, defaultLocale, measure: countContributions, position }
  }

  async #readWindow(now: Instant): Promise<Update> {
    const [{ checkpoint }, revision] = await runBatch(
      this.#db,
      readHead(this.#db, undefined),
      readRevision(this.#db),
    )
    const { position } = checkpoint
    const selection = { ...this.#selection(now, position), position }
    const [ranking] = await rankLog(this.#db, selection, this.#rule.kind)
    const store = (): boolean => {
      this.ranking = ranking
      this.profiles = new Map()
      // The next refresh rereads users who changed while the slices were read, which is harmless.
      const user = { revision, userId: Number.MAX_SAFE_INTEGER }
      this.#state = { position, seen: checkpoint, user, asOf: now }
      return false
    }
    return { continues: true, store }
  }

  async #readChanges(state: State, now: Instant): Promise<Update> {
    const { kind } = this.#rule
    const before = this.#selection(state.asOf, state.position)
    const after = this.#selection(now, undefined)
    const upTo = state.position + pageEvents
    const expiring = { ...before, window: { from: before.window.from, to: after.window.from } }
    const [head, revision, expired, added, users] = await runBatch(
      this.#db,
      readHead(this.#db, state.seen),
      readRevision(this.#db),
      readExpiredEvents(this.#db, expiring, kind),
      readNewEvents(this.#db, after, kind, state.position, upTo),
      readChangedUsers(this.#db, kind, state.user, pageUsers),
    )
    // If more events expire at once than one query may read, the window is rebuilt.
    const continues = head.continues && revision >= state.user.revision && expired !== 'too many'
    const store = (): boolean => {
      if (expired === 'too many') return true
      this.#apply([expired, added], users)
      const { position } = head.checkpoint
      const last = users.at(-1)
      this.#state = {
        position: Math.min(position, upTo),
        seen: head.checkpoint,
        user: last ? { revision: last.revision, userId: last.profile.id } : state.user,
        asOf: now,
      }
      return position > upTo || users.length === pageUsers
    }
    return { continues, store }
  }

  #apply(changes: Change[][], users: ChangedUser[]): void {
    try {
      for (const batch of changes) this.ranking.apply(batch)
    } catch (error) {
      // Some of the changes may have been applied.
      this.forget()
      throw error
    }
    this.ranking.exclude(new Map(users.map(({ profile, excluded }) => [profile.id, excluded])))
    for (const { profile } of users) {
      if (this.profiles.has(profile.id)) this.profiles.set(profile.id, profile)
    }
  }
}
