import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { readTotals, type LogTotals } from '../log/status.ts'
import { readHead } from '../log/tally.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'

const freshMilliseconds = 1000

/** Events taken in one look; more are taken in several. */
const lookEvents = 100_000

/** How far the summary has followed the log, and what it found. */
interface State extends LogTotals {
  epoch: string
  position: number
}

export type SummaryAnswer = ({ status: 'found' } & LogTotals & { position: number }) | Unavailable

/** All that the summary holds, for an audit. */
export type HeldSummary = ({ status: 'found' } & State) | Unavailable

const least = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right)

const greatest = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)

/**
 * The log in numbers, followed by position, so that a status scans nothing however long the log is. Kept in the
 * object's own storage: a row written for a look that finds something.
 */
export class LogSummary extends DurableObject<Env> {
  #state: State | undefined
  #isDistrusted = false
  #looks = new Looks(
    freshMilliseconds,
    async () => this.#lookAtLog(),
    () => this.#state?.position ?? 0,
  )

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#state = ctx.storage.kv.get<State>('state')
  }

  /** The whole log in numbers. */
  async totals(asking: Asking): Promise<SummaryAnswer> {
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
    if (this.#state === undefined) return { status: 'unavailable', position: 0 }
    const { epoch: _, ...totals } = this.#state
    return { status: 'found', ...totals }
  }

  /** What the object holds after a look that begins now. */
  async audit(now: Instant): Promise<HeldSummary> {
    try {
      await this.#looks.catchUp({ now, atLeast: Infinity })
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return { status: 'unavailable', position: 0 }
    }
    if (this.#state === undefined) return { status: 'unavailable', position: 0 }
    return { status: 'found', ...this.#state }
  }

  /** Sums the log up anew from its beginning. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#isDistrusted = true
    const { status } = await this.audit(now)
    return status === 'found' ? { status: 'rebuilt' } : { status, position: 0 }
  }

  async #lookAtLog(): Promise<void> {
    for (let more = true; more;) {
      const before = this.#isDistrusted ? undefined : this.#state
      const after = before?.position ?? 0
      const upTo = after + lookEvents
      const [head, found] = await ask(
        this.env.DB,
        readHead(this.env.DB),
        readTotals(this.env.DB, after, upTo),
      )
      if (before && (before.epoch !== head.epoch || head.position < before.position)) {
        this.#state = undefined
        continue
      }
      if (before?.position !== head.position) {
        this.#state = {
          epoch: head.epoch,
          position: Math.min(head.position, upTo),
          contributions: (before?.contributions ?? 0) + found.contributions,
          firstEventAt: least(before?.firstEventAt ?? null, found.firstEventAt),
          lastEventAt: greatest(before?.lastEventAt ?? null, found.lastEventAt),
        }
        this.ctx.storage.kv.put('state', this.#state)
      }
      this.#isDistrusted = false
      more = head.position > upTo
    }
  }
}
