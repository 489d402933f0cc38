import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import type { RankedUser, RankingPart, RankingSnapshot } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'
import { LogUnavailable } from '../log/database.ts'
import type { Place } from '../log/head.ts'
import { ruleOf } from './leaderboardName.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import { logScansOf } from './LogScans.ts'
import { RollingWindow, type InTurn } from './rollingWindow.ts'
import { askObject } from './stubs.ts'

/** How old a look may be and still answer. */
const freshMilliseconds = 2000

const atOnce: InTurn = async (build) => build()

/** A window that nobody has read from one of these to the next lets go of its memory. */
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

/** All that a ranking holds and answers from, for an audit. */
export type HeldRanking =
  | {
      status: 'found'
      position: number
      asOf: Instant
      /** The end of the log that it saw last. */
      seen: Place
      ranking: RankingSnapshot
      profiles: Map<number, Profile>
    }
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
  #watch: ReturnType<typeof setInterval> | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const rule = ruleOf(ctx.id.name ?? '', env.DEFAULT_LOCALE)
    const isFiltered = rule.locale !== undefined || rule.product !== undefined
    this.#window = new RollingWindow(env.DB, rule, isFiltered ? this.#inTurn : atOnce)
    this.#looks = new Looks({
      freshMilliseconds,
      look: async (now) => this.#window.lookAtLog(now),
      position: () => this.#window.position,
      isBuilt: () => this.#window.isBuilt,
    })
  }

  /**
   * Builds when its turn among the scans of the log has come. Rankings by a locale or a product are as many as there
   * are values, and each reads its whole window: together they would keep D1 from the webhooks.
   */
  #inTurn: InTurn = async (build) => {
    let failure: unknown
    const hasRun = await askObject(
      () => logScansOf(this.env.LOG_SCANS),
      async (scans) =>
        scans.inTurn(this.ctx.id.name ?? '', async () => {
          // What it fails with would not come through the other object as what it is.
          await build().catch((error: unknown) => (failure = error))
        }),
    )
    if (failure !== undefined) throw failure
    if (!hasRun) throw new LogUnavailable('Too many rankings are being built')
  }

  /** A part of the ranking. */
  async page(asking: Asking, part: RankingPart): Promise<LeaderboardPage> {
    if (!(await this.#catchUp(asking))) return this.#unavailable()
    try {
      for (let attempt = 1; attempt <= attemptsMax && this.#reaches(asking); attempt += 1) {
        const { ranking } = this.#window
        const { users, more } = ranking.page(part)
        const entries = users.flatMap((user) => this.#entryOf(user))
        if (entries.length === users.length) {
          return { ...this.#standpoint(asking), total: ranking.total, entries, more }
        }
        // Awaits D1: the window may roll on meanwhile, so everything is located again.
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

  /** What the object holds after a look that begins now; it is built first if it is not. */
  async audit(now: Instant): Promise<HeldRanking> {
    const looked = await this.#lookAnew(now)
    const { seen, position, asOf, profiles, ranking } = this.#window
    if (!looked || seen === undefined) return this.#unavailable()
    return { status: 'found', position, asOf, seen, profiles, ranking: ranking.snapshot() }
  }

  /** Builds the window anew from the log. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#window.distrust()
    return (await this.#lookAnew(now)) ? { status: 'rebuilt' } : this.#unavailable()
  }

  /**
   * A look that begins now, or later than `now` if the window is: an audit never rolls it back. Whether it came to its
   * end.
   */
  async #lookAnew(now: Instant): Promise<boolean> {
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
    this.#watch ??= setInterval(() => this.#letGoIfUnread(), keepMilliseconds)
  }

  #letGoIfUnread(): void {
    if (!this.#wasRead) {
      clearInterval(this.#watch)
      this.#watch = undefined
      this.#window.forget()
    }
    this.#wasRead = false
  }
}
