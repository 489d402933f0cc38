import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../../contributions/instant.ts'
import { isFailure, notCaughtUp, type Failure, type Result } from '../../failure.ts'
import type { Checkpoint } from '../../log/head.ts'
import type { LogTotals } from '../../log/queries/status.ts'
import { LogFollower, type ReadRequest } from '../LogFollower.ts'
import { RunningTotals } from './runningTotals.ts'

/** Totals of the whole log. `ageSeconds` is 0 unless the log could not be read. */
export interface Summary {
  totals: LogTotals
  position: number
  ageSeconds: number
}

/** Everything that the object stores, for an audit. */
export interface StoredSummary {
  totals: LogTotals
  position: number
  seen: Checkpoint
}

/** Running totals of the log, so that `/v1/status` needs no scan, however long the log is. */
export class LogSummary extends DurableObject<Env> {
  #totals: RunningTotals
  #follower: LogFollower

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#totals = new RunningTotals(ctx.storage.kv, env.DB)
    this.#follower = new LogFollower(this.#totals)
  }

  /** Totals of the whole log. */
  async totals(request: ReadRequest): Promise<Result<Summary>> {
    return await this.#follower.answer(request, () => {
      const { state } = this.#totals
      if (state === undefined) return undefined
      const { totals, position } = state
      return { totals, position, ageSeconds: this.#follower.ageSeconds(request.now) }
    })
  }

  /** What the object stores after a refresh that begins now. */
  async audit(now: Instant): Promise<Result<StoredSummary>> {
    const failure = await this.#follower.refreshNow(now)
    if (isFailure(failure)) return failure
    const { state } = this.#totals
    if (state === undefined) return notCaughtUp(0, 0)
    const { totals, position, seen } = state
    return { totals, position, seen }
  }

  /** Rebuilds the totals from the beginning of the log. */
  async rebuild(now: Instant): Promise<Failure | undefined> {
    this.#follower.invalidate()
    return await this.#follower.refreshNow(now)
  }
}
