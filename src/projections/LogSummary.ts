import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { ask, LogUnavailable } from '../log/database.ts'
import { readHead, type LogHead, type Place } from '../log/head.ts'
import { readTotals, type LogTotals } from '../log/questions/status.ts'
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

/** All that the summary holds, for an audit. */
export type HeldSummary = { status: 'found'; totals: LogTotals; position: number; seen: Place } | Unavailable

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
  #isDistrusted = false
  #looks: Looks

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#state = ctx.storage.kv.get<State>('state')
    this.#looks = new Looks({
      freshMilliseconds,
      read: async (now) => this.#read(now),
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
      return this.#unavailable()
    }
    if (this.#state === undefined || this.#state.position < asking.atLeast) return this.#unavailable()
    const { totals, position } = this.#state
    return { status: 'found', totals, position, ageSeconds: this.#looks.ageSeconds(asking.now) }
  }

  /** What the object holds after a look that begins now. */
  async audit(now: Instant): Promise<HeldSummary> {
    const looked = await this.#looks.lookAnew(now)
    if (!looked || this.#state === undefined) return this.#unavailable()
    const { totals, position, seen } = this.#state
    return { status: 'found', totals, position, seen }
  }

  /** Sums the log up anew from its beginning. */
  async rebuild(now: Instant): Promise<{ status: 'rebuilt' } | Unavailable> {
    this.#isDistrusted = true
    this.#looks.restart()
    return (await this.#looks.lookAnew(now)) ? { status: 'rebuilt' } : this.#unavailable()
  }

  #unavailable(): Unavailable {
    return { status: 'unavailable', position: this.#state?.position ?? 0 }
  }

  async #read(now: Instant): Promise<() => boolean> {
    const { DB } = this.env
    const before = this.#isDistrusted ? undefined : this.#state
    const after = before?.position ?? 0
    const [head, found] = await ask(DB, readHead(DB, before?.seen), readTotals(DB, after, after + lookEvents))
    return () => this.#store(now, before, head, found)
  }

  /** Stores what a look found; returns whether to look again. */
  #store(now: Instant, before: State | undefined, head: LogHead, found: LogTotals): boolean {
    const { position } = head.place
    const upTo = (before?.position ?? 0) + lookEvents
    const more = !head.continues || position > upTo
    this.#isDistrusted = false
    if (!head.continues) {
      this.ctx.storage.kv.delete('state')
      this.#state = undefined
      return more
    }
    const state: State = {
      totals: sumOf(before?.totals, found),
      position: Math.min(position, upTo),
      seen: head.place,
      lookedAt: more ? (before?.lookedAt ?? null) : now,
    }
    if (before?.position !== state.position || before.lookedAt === null)
      this.ctx.storage.kv.put('state', state)
    this.#state = state
    return more
  }
}
