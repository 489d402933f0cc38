import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import type { RankedUser, RankingPart } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'
import { LogUnavailable } from '../log/database.ts'
import type { Place } from '../log/head.ts'
import { AuditSnapshot, type SnapshotPart, type SnapshotSize } from './auditSnapshot.ts'
import { ruleOf } from './leaderboardName.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import { RollingWindow } from './rollingWindow.ts'
import { takeTurn } from './takeTurn.ts'

/** How old a look may be and still answer. */
const freshMilliseconds = 2000

/**
 * How long a build waits for its turn. Rankings by a locale or a product are as many as there are values, so they wait
 * as long as any scan. The others are few, and pages cannot be without them: after a deployment all of them are built,
 * one after the other, and whoever asks for one waits rather than gets an error.
 */
const filteredPatience = 2000
const patience = 60_000

/** A window unread for a full minute is freed. */
const keepMilliseconds = 60_000

/** A window that rolls on while its details are read is located again, so often. */
const attemptsMax = 8

export interface LeaderboardEntry {
  rank: number
  user: Profile
  count: number
  /** The last contribution that the entry counts. */
  lastContributionAt: Instant
}

/** Where an answer stands: what it reflects, and the instant that it is for; its age is 0 unless the log was out of reach. */
interface Standpoint {
  status: 'found'
  position: number
  asOf: Instant
  ageSeconds: number
}

export type LeaderboardPage =
  | (Standpoint & {
      total: number
      entries: LeaderboardEntry[]
      /** Whether entries follow. */
      more: boolean
    })
  | Unavailable

export type ContributorCount = (Standpoint & { value: number }) | Unavailable

/** What a ranking holds, for an audit, and where that stands; fetched part by part. */
export type HeldRanking =
  | ({ status: 'found'; position: number; asOf: Instant; seen: Place } & SnapshotSize)
  | Unavailable

/**
 * One ranking over one rolling window, in memory: a board, or what a metric counts. It follows the log by
 * position and lets go of what leaves the window, so that an answer costs what it returns however long the log
 * is. Nothing is written to storage: a cold start builds it from the log, and nothing can drift.
 */
export class Leaderboard extends DurableObject<Env> {
  #window: RollingWindow
  #looks: Looks
  #wasRead = false
  /** Whether it was built for an audit and nobody else has read it since. */
  #isForAudit = false
  /** What the audit under way was told of. */
  #snapshot: AuditSnapshot | undefined
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const rule = ruleOf(ctx.id.name ?? '', env.DEFAULT_LOCALE)
    const isFiltered = rule.locale !== undefined || rule.product !== undefined
    const patienceMilliseconds = isFiltered ? filteredPatience : patience
    this.#window = new RollingWindow(env.DB, rule, async (build) =>
      takeTurn(env.LOG_SCANS, patienceMilliseconds, build),
    )
    this.#looks = new Looks({
      freshMilliseconds,
      read: async (now) => this.#window.read(now),
      readDetails: async () => this.#window.readDetails(),
      position: () => this.#window.position,
      isBuilt: () => this.#window.isBuilt,
    })
  }

  /** A part of the ranking. */
  async page(asking: Asking, part: RankingPart): Promise<LeaderboardPage> {
    try {
      for (let attempt = 1; attempt <= attemptsMax && (await this.#catchUp(asking)); attempt += 1) {
        const { ranking } = this.#window
        const { users, more } = ranking.page(part)
        const entries = users.flatMap((user) => this.#entryOf(user))
        if (entries.length === users.length) {
          return { ...this.#standpoint(asking), total: ranking.total, entries, more }
        }
        // The window may roll on or be freed while D1 answers, so everything is located again.
        await this.#window.learnDetails(users)
      }
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
    return this.#unavailable()
  }

  /** How many users have at least so many contributions. */
  async count(asking: Asking, min: number): Promise<ContributorCount> {
    if (!(await this.#catchUp(asking))) return this.#unavailable()
    return { ...this.#standpoint(asking), value: this.#window.ranking.usersWithAtLeast(min) }
  }

  /**
   * What the object holds after a look that begins now; it is built first if it is not. It stays as it is for
   * `auditPart` until `endAudit`.
   */
  async audit(now: Instant): Promise<HeldRanking> {
    const looked = await this.#lookAnew(now)
    const { seen, position, asOf, profiles, ranking } = this.#window
    if (!looked || seen === undefined) return this.#unavailable()
    this.#snapshot = new AuditSnapshot(ranking.snapshot(), [...profiles.values()])
    return { status: 'found', position, asOf, seen, ...this.#snapshot.size }
  }

  /** A part of a snapshot, by number from 0. */
  auditPart(snapshot: string, part: number): SnapshotPart {
    this.#wasRead = true
    return this.#snapshot?.size.snapshot === snapshot ? this.#snapshot.part(part) : { status: 'gone' }
  }

  /** Frees what only an audit needed: the snapshot, and the window unless somebody else has read it. */
  endAudit(): void {
    this.#snapshot = undefined
    if (this.#isForAudit && !this.#looks.isRefreshing) this.#free()
  }

  /** Builds the window anew from the log. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#window.distrust()
    this.#looks.restart()
    return (await this.#lookAnew(now)) ? { status: 'rebuilt' } : this.#unavailable()
  }

  /**
   * A look that begins now, or later than `now` if the window is: an audit never rolls it back. Whether it came to its
   * end.
   */
  async #lookAnew(now: Instant): Promise<boolean> {
    if (!this.#window.isBuilt && !this.#looks.isRefreshing) this.#isForAudit = true
    this.#keep()
    return await this.#looks.lookAnew(Math.max(now, this.#window.asOf))
  }

  #standpoint({ now }: Asking): Standpoint {
    const { position, asOf } = this.#window
    return { status: 'found', position, asOf, ageSeconds: this.#looks.ageSeconds(now) }
  }

  #unavailable(): Unavailable {
    return { status: 'unavailable', position: this.#window.position }
  }

  #reaches({ atLeast }: Asking): boolean {
    return this.#window.isBuilt && this.#window.position >= atLeast
  }

  #entryOf({ userId, rank, count, newest }: RankedUser): LeaderboardEntry[] {
    const user = this.#window.profiles.get(userId)
    return user === undefined || Number.isNaN(newest)
      ? []
      : [{ rank, user, count, lastContributionAt: newest }]
  }

  /** Whether there is something to answer with: what was built is true at its position and instant, however old. */
  async #catchUp(asking: Asking): Promise<boolean> {
    this.#isForAudit = false
    this.#keep()
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return false
    }
    return this.#reaches(asking)
  }

  #keep(): void {
    this.#wasRead = true
    this.#watch ??= setInterval(() => this.#freeIfUnread(), keepMilliseconds)
  }

  #freeIfUnread(): void {
    // Somebody waits for a refresh that is under way, however long it takes.
    if (!this.#wasRead && !this.#looks.isRefreshing) this.#free()
    this.#wasRead = false
  }

  #free(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
    this.#snapshot = undefined
    this.#window.forget()
    this.#looks.restart()
  }
}
