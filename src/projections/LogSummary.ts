import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { readHead, type Place } from '../log/head.ts'
import { readTotals, type LogTotals } from '../log/status.ts'
import { Looks, type Asking, type Unavailable } from './looks.ts'

const freshMilliseconds = 1000

/** Events taken in one look; more are taken in several. */
const lookEvents = 100_000

/** How far the summary has followed the log, and what it found. */
interface State {
  totals: LogTotals
  position: number
  /** The end of the log when it last looked, at `position` or after. */
  seen: Place
  /** When it had last followed the log to its end; null as long as it never has. */
  lookedAt: Instant | null
}

/** `ageSeconds` is 0 unless the log could not be looked at. */
export type SummaryAnswer =
  | { status: 'found'; totals: LogTotals; position: number; ageSeconds: number }
  | Unavailable

const least = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right)

const greatest = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)

/** Two stretches of the log as one. */
const sumOf = (left: LogTotals | undefined, right: LogTotals): LogTotals => ({
  contributions: (left?.contributions ?? 0) + right.contributions,
  firstEventAt: least(left?.firstEventAt ?? null, right.firstEventAt),
  lastEventAt: greatest(left?.lastEventAt ?? null, right.lastEventAt),
})

/**
 * The log in numbers, followed by position, so that a status scans nothing however long the log is. Kept in the
 * object's own storage: a row written for a look that finds something.
 */
export class LogSummary extends DurableObject<Env> {
  #state: State | undefined
  #looks: Looks

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#state = ctx.storage.kv.get<State>('state')
    this.#looks = new Looks({
      freshMilliseconds,
      look: async (now) => this.#lookAtLog(now),
      position: () => this.#state?.position ?? 0,
      isBuilt: () => typeof this.#state?.lookedAt === 'number',
      lookedAt: this.#state?.lookedAt ?? undefined,
    })
  }

  /** The whole log in numbers. */
  async totals(asking: Asking): Promise<SummaryAnswer> {
    try {
      await this.#looks.catchUp(asking)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      return { status: 'unavailable', position: this.#state?.position ?? 0 }
    }
    if (this.#state === undefined || this.#state.position < asking.atLeast) {
      return { status: 'unavailable', position: this.#state?.position ?? 0 }
    }
    const { totals, position } = this.#state
    return { status: 'found', totals, position, ageSeconds: this.#looks.ageSeconds(asking.now) }
  }

  async #lookAtLog(now: Instant): Promise<void> {
    const { DB } = this.env
    for (let more = true; more;) {
      const before = this.#state
      const after = before?.position ?? 0
      const upTo = after + lookEvents
      const [head, found] = await ask(DB, readHead(DB, before?.seen), readTotals(DB, after, upTo))
      if (!head.continues) {
        this.ctx.storage.kv.delete('state')
        this.#state = undefined
        continue
      }
      const { position } = head.place
      more = position > upTo
      const state: State = {
        totals: sumOf(before?.totals, found),
        position: Math.min(position, upTo),
        seen: head.place,
        lookedAt: more ? (before?.lookedAt ?? null) : now,
      }
      if (before?.position !== state.position || before.lookedAt === null)
        this.ctx.storage.kv.put('state', state)
      this.#state = state
    }
  }
}
