import { DurableObject } from 'cloudflare:workers'
import { boards, metrics } from '../contributions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import type { RankedUser, RankingSnapshot } from '../contributions/ranking.ts'
import type { Profile } from '../contributions/user.ts'
import { LogUnavailable } from '../log/database.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'
import { RollingWindow, type WindowRule } from './rollingWindow.ts'

/** How old a look may be and still answer. */
const freshMilliseconds = 2000

/** A window that nobody has read from one of these to the next lets go of its memory. */
const keepMilliseconds = 60_000

/** A window that rolls on while its details are read is located again, so often. */
const attemptsMax = 8

/** Which ranking an object holds; its name is this as JSON. */
export interface LeaderboardKey {
  /** A board's name, or a metric's. */
  of: string
  windowDays: number | null
  locale: string | null
  product: string | null
}

/** The name of the object that holds a ranking. */
export const leaderboardName = ({ of, windowDays, locale, product }: LeaderboardKey): string =>
  JSON.stringify([of, windowDays, locale, product])

const parseName = (name: string): LeaderboardKey => {
  const [of, windowDays, locale, product] = JSON.parse(name) as [
    string,
    number | null,
    string | null,
    string | null,
  ]
  return { of, windowDays, locale, product }
}

export interface LeaderboardEntry {
  rank: number
  user: Profile
  count: number
  lastContributionAt: Instant
}

/** Where an answer stands: what it reflects, and the instant that it is for. */
interface Standpoint {
  status: 'found'
  position: number
  asOf: Instant
}

export type LeaderboardPage =
  | (Standpoint & {
      total: number
      entries: LeaderboardEntry[]
      more: boolean
      standing: LeaderboardEntry | null
    })
  | Unavailable

export type ContributorCount = (Standpoint & { value: number }) | Unavailable

/** All that a ranking holds and answers from, for an audit. */
export type HeldRanking =
  | (Standpoint & { epoch: string; ranking: RankingSnapshot; profiles: Map<number, Profile> })
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
    this.#window = new RollingWindow(env.DB, this.#rule(parseName(ctx.id.name ?? '')))
    this.#looks = new Looks(
      freshMilliseconds,
      async (now) => this.#window.lookAtLog(now),
      () => this.#window.position,
    )
  }

  /** The first places. */
  async top(asking: Asking, limit: number): Promise<LeaderboardPage> {
    return await this.#page(asking, () => ({ start: 0, limit, standing: undefined }))
  }

  /** A user in the middle of their neighbours; at either end the slice is shifted to keep its size. */
  async around(asking: Asking, userId: number, limit: number): Promise<LeaderboardPage> {
    return await this.#page(asking, () => {
      const { ranking } = this.#window
      const place = ranking.placeOf(userId)
      if (place === -1) return { start: 0, limit: 0, standing: undefined }
      const start = Math.max(0, Math.min(place - (limit - 1) / 2, ranking.total - limit))
      return { start, limit, standing: place }
    })
  }

  /** How many users have at least so many contributions. */
  async count(asking: Asking, min: number): Promise<ContributorCount> {
    const unavailable = await this.#catchUp(asking)
    if (unavailable) return unavailable
    const { ranking, position, asOf } = this.#window
    return { status: 'found', position, asOf, value: ranking.usersWithAtLeast(min) }
  }

  /** What the object holds after a look that begins now; it is built first if it is not. */
  async audit(now: Instant): Promise<HeldRanking> {
    const unavailable = await this.#lookAnew(now)
    if (unavailable) return unavailable
    const { epoch, position, asOf, profiles, ranking } = this.#window
    return { status: 'found', epoch, position, asOf, profiles, ranking: ranking.snapshot() }
  }

  /** Builds the window anew from the log. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#window.distrust()
    return (await this.#lookAnew(now)) ?? { status: 'rebuilt' }
  }

  /** A look that begins now, or later than `now` if the window is: an audit never rolls it back. */
  async #lookAnew(now: Instant): Promise<Unavailable | undefined> {
    this.#keep()
    try {
      await this.#looks.catchUp({ now: Math.max(now, this.#window.asOf), atLeast: Infinity })
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return { status: 'unavailable', position: this.#window.position }
    }
  }

  async #page(
    asking: Asking,
    locate: () => { start: number; limit: number; standing: number | undefined },
  ): Promise<LeaderboardPage> {
    const unavailable = await this.#catchUp(asking)
    if (unavailable) return unavailable
    try {
      // A window that another log made forget everything while details were read has nothing to say.
      for (let attempt = 1; attempt <= attemptsMax && this.#window.isBuilt; attempt += 1) {
        const { start, limit, standing } = locate()
        const { ranking, position, asOf } = this.#window
        const users = ranking.slice(start, limit)
        const entries = users.flatMap((user) => this.#entryOf(user))
        if (entries.length < users.length) {
          // Awaits D1: the window may roll on meanwhile, so everything is located again.
          await this.#window.learnDetails(users)
          continue
        }
        const own = standing === undefined ? null : (entries[standing - start] ?? null)
        const more = start + limit < ranking.total
        return { status: 'found', position, asOf, total: ranking.total, entries, more, standing: own }
      }
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
    return { status: 'unavailable', position: this.#window.position }
  }

  #entryOf({ userId, rank, count, newest }: RankedUser): LeaderboardEntry[] {
    const user = this.#window.profiles.get(userId)
    return user === undefined || Number.isNaN(newest)
      ? []
      : [{ rank, user, count, lastContributionAt: newest }]
  }

  async #catchUp(asking: Asking): Promise<Unavailable | undefined> {
    this.#keep()
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      // What was built is still true at its position and instant: serve it.
      if (!this.#window.isBuilt) return { status: 'unavailable', position: 0 }
    }
    const { position } = this.#window
    return position < asking.atLeast ? { status: 'unavailable', position } : undefined
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

  #rule({ of, windowDays, locale, product }: LeaderboardKey): WindowRule {
    const board = boards.find((candidate) => candidate.board === of)
    const rule = board ?? metrics.find(({ metric }) => metric === of)
    if (!rule) throw new Error(`No board or metric is called ${of}`)
    return {
      rule,
      exclusion: board ? 'board' : 'metric',
      windowDays,
      locale: locale ?? undefined,
      product: product ?? undefined,
      defaultLocale: this.env.DEFAULT_LOCALE,
    }
  }
}
