import { DurableObject } from 'cloudflare:workers'
import { defaultLocaleOf } from '../../configuration.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { RankedUser, RankingEntry, RankingPage, RankingPart } from '../../contributions/ranking.ts'
import { boards, metrics } from '../../definitions/definitions.ts'
import { isFailure, notCaughtUp, type Failure, type Result } from '../../failure.ts'
import type { Checkpoint } from '../../log/head.ts'
import { LogFollower, type ReadRequest } from '../LogFollower.ts'
import { rankingKeyOf, type RankingKey } from '../objects.ts'
import { takeTurn } from '../scans/takeTurn.ts'
import { AuditSnapshot, type SnapshotPart, type SnapshotSize } from './auditSnapshot.ts'
import { RollingWindow, type WindowRule } from './rollingWindow.ts'

/**
 * How long a build waits for its turn. Rankings filtered by locale or product may be many, so they wait no longer than
 * any other scan. Unfiltered ones are few and web pages need them, so callers wait while they are built one by one
 * after a deployment.
 */
const filteredPatienceMilliseconds = 2000
const unfilteredPatienceMilliseconds = 60_000

/** A window unread for a full minute is freed. */
const keepMilliseconds = 60_000

/** How many times a page is computed if the window keeps changing while its details are read. */
const attemptsMax = 8

/** The position and instant that an answer reflects. `ageSeconds` is 0 unless the log could not be read. */
interface LiveMoment {
  position: number
  asOf: Instant
  ageSeconds: number
}

export type LivePage = LiveMoment & RankingPage

export type ContributorCount = LiveMoment & { value: number }

/** The size of a ranking's snapshot for an audit, and the position and instant it reflects. */
export type SnapshotSummary = SnapshotSize & { position: number; asOf: Instant; seen: Checkpoint }

/** What a ranking counts. Throws if there is no such board or metric. */
const ruleOf = ({ of, windowDays, locale, product }: RankingKey, defaultLocale: string): WindowRule => {
  const board = boards.find((candidate) => candidate.board === of)
  const rule = board ?? metrics.find(({ metric }) => metric === of)
  if (!rule) throw new Error(`No such board or metric: ${of}`)
  return {
    rule,
    kind: board ? 'board' : 'metric',
    windowDays,
    locale: locale ?? undefined,
    product: product ?? undefined,
    defaultLocale,
  }
}

/**
 * A board or the users of a metric over one rolling window, in memory. It follows the log, so the cost of an answer
 * depends on what it returns, not on the length of the log. Nothing is stored: a cold start builds the window from the
 * log.
 */
export class LiveRanking extends DurableObject<Env> {
  #window: RollingWindow
  #follower: LogFollower
  #wasRead = false
  /** Whether the window was built for an audit and has had no other reader since. */
  #isForAudit = false
  /** The snapshot of the audit in progress. */
  #snapshot: AuditSnapshot | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const rule = ruleOf(rankingKeyOf(ctx.id.name ?? ''), defaultLocaleOf(env))
    const isFiltered = rule.locale !== undefined || rule.product !== undefined
    const patience = isFiltered ? filteredPatienceMilliseconds : unfilteredPatienceMilliseconds
    this.#window = new RollingWindow(env.DB, rule, async (scan) => takeTurn(env, patience, scan))
    this.#follower = new LogFollower(this.#window)
  }

  /** A page of the ranking. */
  async page(request: ReadRequest, part: RankingPart): Promise<Result<LivePage>> {
    return await this.#answer(request, async () => {
      for (
        let attempt = 1;
        attempt <= attemptsMax && this.#follower.canAnswer(request.atLeast);
        attempt += 1
      ) {
        const { ranking } = this.#window
        const { users, more } = ranking.page(part)
        const entries = users.flatMap((user) => this.#entryOf(user))
        if (entries.length === users.length)
          return { ...this.#moment(request), total: ranking.total, entries, more }
        await this.#window.learnDetails(users)
        // The window may have changed, or been freed, while D1 answered.
        await this.#catchUp({ ...request, now: Math.max(request.now, this.#window.asOf) })
      }
      return undefined
    })
  }

  /** How many users have at least `min` contributions. */
  async count(request: ReadRequest, min: number): Promise<Result<ContributorCount>> {
    return await this.#answer(request, () =>
      this.#window.isBuilt
        ? { ...this.#moment(request), value: this.#window.ranking.usersWithAtLeast(min) }
        : undefined,
    )
  }

  /**
   * Takes a snapshot of the ranking after a refresh that begins now; builds the window first if necessary. `auditPart`
   * reads the snapshot until `endAudit`.
   */
  async audit(now: Instant): Promise<Result<SnapshotSummary>> {
    const failure = await this.#refreshNow(now)
    if (isFailure(failure)) return failure
    const { seen, position, asOf, profiles, ranking } = this.#window
    if (seen === undefined) return notCaughtUp(0, 0)
    this.#snapshot = new AuditSnapshot(ranking.snapshot(), [...profiles.values()])
    return { position, asOf, seen, ...this.#snapshot.size }
  }

  /** A part of a snapshot, numbered from 0; undefined if the object was reset since. */
  auditPart(snapshot: string, part: number): SnapshotPart | undefined {
    this.#wasRead = true
    return this.#snapshot?.size.snapshot === snapshot ? this.#snapshot.part(part) : undefined
  }

  /** Frees what only the audit needed: the snapshot, and the window if it had no other reader. */
  endAudit(): void {
    this.#snapshot = undefined
    if (this.#isForAudit && !this.#follower.isRefreshing) this.#free()
  }

  /** Rebuilds the window from the log. */
  async rebuild(now: Instant): Promise<Failure | undefined> {
    this.#follower.invalidate()
    return await this.#refreshNow(now)
  }

  async #answer<Found>(
    request: ReadRequest,
    find: () => Found | undefined | Promise<Found | undefined>,
  ): Promise<Result<Found>> {
    this.#isForAudit = false
    this.#keep()
    return await this.#follower.answer(request, find)
  }

  async #catchUp(request: ReadRequest): Promise<void> {
    this.#keep()
    await this.#follower.catchUp(request)
  }

  /** Refreshes for an audit, never to an instant before the window's own. */
  async #refreshNow(now: Instant): Promise<Failure | undefined> {
    if (!this.#window.isBuilt && !this.#follower.isRefreshing) this.#isForAudit = true
    this.#keep()
    return await this.#follower.refreshNow(Math.max(now, this.#window.asOf))
  }

  #moment({ now }: ReadRequest): LiveMoment {
    const { position, asOf } = this.#window
    return { position, asOf, ageSeconds: this.#follower.ageSeconds(now) }
  }

  #entryOf({ userId, rank, count, newest }: RankedUser): RankingEntry[] {
    const user = this.#window.profiles.get(userId)
    return user === undefined || Number.isNaN(newest)
      ? []
      : [{ rank, user, count, lastContributionAt: newest }]
  }

  #keep(): void {
    this.#wasRead = true
    this.#timer ??= setInterval(() => this.#freeIfUnread(), keepMilliseconds)
  }

  #freeIfUnread(): void {
    // A refresh in progress still has callers waiting for it.
    if (!this.#wasRead && !this.#follower.isRefreshing) this.#free()
    this.#wasRead = false
  }

  #free(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#snapshot = undefined
    this.#follower.forget()
  }
}
