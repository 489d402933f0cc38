import { DurableObject } from 'cloudflare:workers'
import type { Cohort, Lifecycle } from '../../contributions/community/activity.ts'
import {
  activityIn,
  questionsIn,
  type ActivityRule,
  type Entries,
  type Excluded,
} from '../../contributions/community/entries.ts'
import type { ResponseTimes } from '../../contributions/community/responses.ts'
import { afterAllEvents, type Instant } from '../../contributions/instant.ts'
import type { Filter } from '../../contributions/selection.ts'
import { responseTypes } from '../../definitions/definitions.ts'
import { isFailure, type Failure, type Result } from '../../failure.ts'
import { runBatch } from '../../log/database.ts'
import type { Checkpoint } from '../../log/head.ts'
import { readGroup } from '../../log/queries/entries.ts'
import { LogFollower, type ReadRequest } from '../LogFollower.ts'
import { takeTurn } from '../scans/takeTurn.ts'
import type { TypeSums } from './columnSums.ts'
import { FollowedColumns } from './followedColumns.ts'

/**
 * How long each step of a build waits for its turn. There is only one such object and web pages need it, so callers
 * wait.
 */
const patienceMilliseconds = 60_000

/**
 * Whose activity to count, in which intervals. `bounds` are the starts of adjacent intervals and the end of the last
 * one.
 */
export interface ActivityQuestion extends ActivityRule {
  group: string | undefined
  bounds: readonly Instant[]
}

/** Which questions to count, in which intervals, as of which instant. */
export interface ResponsesQuestion extends Filter {
  group: string | undefined
  bounds: readonly Instant[]
  asOf: Instant
  live: boolean
}

/** A computed answer and the position it reflects. `ageSeconds` is 0 unless the log could not be read. */
export interface Computed<Answer> {
  answer: Answer
  position: number
  ageSeconds: number
}

/** A summary of everything that the object stores, for an audit. */
export interface StoredColumns {
  position: number
  seen: Checkpoint
  revision: number
  systemUsers: number[]
  sums: TypeSums[]
}

/**
 * The log in columns, 20 bytes per entry: everything that answers about years of activity need. One pass over the
 * columns answers for any rule, filter, interval and instant. Holds no fact that is not in the log.
 */
export class LogColumns extends DurableObject<Env> {
  #followed: FollowedColumns
  #follower: LogFollower

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#followed = new FollowedColumns(ctx.storage, env.DB, async (scan) =>
      takeTurn(env, patienceMilliseconds, scan),
    )
    this.#follower = new LogFollower(this.#followed)
  }

  /** The lifecycle of each interval except the first, which serves only for comparison. */
  async lifecycles(request: ReadRequest, question: ActivityQuestion): Promise<Result<Computed<Lifecycle[]>>> {
    return await this.#compute(request, question.group, (entries, excluded) =>
      activityIn(entries, question, excluded.chosen, question.bounds).lifecycles(),
    )
  }

  /** The cohort of each interval. */
  async cohorts(request: ReadRequest, question: ActivityQuestion): Promise<Result<Computed<Cohort[]>>> {
    return await this.#compute(request, question.group, (entries, excluded) =>
      activityIn(entries, question, excluded.chosen, question.bounds).cohorts(),
    )
  }

  /** Response times by interval; empty for a site without questions and answers. */
  async responses(
    request: ReadRequest,
    { group, bounds, asOf, live, ...filter }: ResponsesQuestion,
  ): Promise<Result<Computed<ResponseTimes[]>>> {
    return await this.#compute(request, group, (entries, { chosen, systemUsers }) => {
      if (responseTypes === undefined) return []
      const rule = { types: responseTypes, bounds, repliedBefore: live ? afterAllEvents : asOf, ...filter }
      return questionsIn(entries, rule, chosen, systemUsers).responseTimes(asOf)
    })
  }

  /** What the object stores after a refresh that begins now; null if it stores nothing. */
  async audit(now: Instant): Promise<Result<StoredColumns | null>> {
    if (this.#followed.state === undefined) return null
    const failure = await this.#follower.refreshNow(now)
    if (isFailure(failure)) return failure
    const { state, store } = this.#followed
    if (state === undefined) return null
    const { position, seen, revision, systemUsers, sizes } = state
    return { position, seen, revision, systemUsers, sums: store.sums(sizes) }
  }

  /** Rebuilds the columns from the beginning of the log. */
  async rebuild(now: Instant): Promise<Failure | undefined> {
    this.#follower.invalidate()
    return await this.#follower.refreshNow(now)
  }

  /**
   * Computes an answer from all stored entries. `systemUsers` excludes system accounts; `chosen` also excludes people
   * outside the group.
   */
  async #compute<Answer>(
    request: ReadRequest,
    group: string | undefined,
    compute: (entries: Entries, excluded: { chosen: Excluded; systemUsers: Excluded }) => Answer,
  ): Promise<Result<Computed<Answer>>> {
    return await this.#follower.answer(request, async () => {
      const members = group === undefined ? undefined : await this.#readGroup(group)
      const { state, store } = this.#followed
      // The state may have been dropped while the group was read.
      if (state === undefined || !this.#follower.canAnswer(request.atLeast)) return undefined
      const { sizes, position } = state
      const systemNumbers = store.numbersOf(state.systemUsers)
      const systemUsers = new Uint8Array(sizes.people)
      for (const number of systemNumbers) systemUsers[number] = 1
      const chosen = members ? new Uint8Array(sizes.people).fill(1) : systemUsers
      if (members) {
        for (const number of store.numbersOf(members)) chosen[number] = systemUsers[number] ?? 0
      }
      const answer = compute(store.entries(sizes), { chosen, systemUsers })
      return { answer, position, ageSeconds: this.#follower.ageSeconds(request.now) }
    })
  }

  async #readGroup(name: string): Promise<number[]> {
    const [members] = await runBatch(this.env.DB, readGroup(this.env.DB, name))
    return members
  }
}
