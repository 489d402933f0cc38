import type { Instant } from '../contributions/instant.ts'
import type { Finding } from './auditTarget.ts'

/** What an audit has found: one that is over, or one that is under way. */
export interface AuditTotals {
  /** When it was last at work. */
  checkedAt: Instant
  /** Counters, and rankings (boards in each window, metrics), that were compared. */
  users: number
  boards: number
  /** How many of all projections differed from the log. */
  drift: number
}

/** An audit that came to its end. */
export interface FinishedAudit extends AuditTotals {
  steps: number
  /** The newest of what differed. */
  findings: readonly Finding[]
}

/** What the status shows: the last audit that came to its end. */
export interface AuditResult extends AuditTotals {
  /** When an audit last found drift, however long ago; null for never. */
  lastDriftAt: Instant | null
}

/** An audit under way. */
export interface Run extends AuditTotals {
  /** Steps that are over. */
  steps: number
  /** The newest of what differed. */
  findings: readonly Finding[]
  /** Users who had their turn, whether their counter held anything or not. */
  usersSeen: number
  /** The user whom the rotation had come to when it began: nobody has their turn twice in one audit. */
  startedAfter: number
  /** Whether the rotation has come round to its beginning since. */
  cameRound: boolean
}

interface State {
  /** The number of the newest audit; the first is 1. */
  audit: number
  /** The user whom the rotation has come to; 0 for its beginning. */
  afterUser: number
  run: Run | null
  last: FinishedAudit | null
  lastDriftAt: Instant | null
}

/** Findings that are remembered. */
const findingsMax = 100

const nothingYet: State = { audit: 0, afterUser: 0, run: null, last: null, lastDriftAt: null }

/**
 * What audits remember from one step to the next, and from one night to the next. `keep` writes one row; what is
 * not kept when the object ends is looked at again.
 */
export class AuditRecord {
  #storage: SyncKvStorage
  #state: State

  constructor(storage: SyncKvStorage) {
    this.#storage = storage
    this.#state = storage.get<State>('state') ?? nothingYet
  }

  get audit(): number {
    return this.#state.audit
  }

  /** Whose turn it is: users with ids after one, up to another. */
  get turn(): { after: number; upTo: number } {
    const { afterUser, run } = this.#state
    return { after: afterUser, upTo: run?.cameRound ? run.startedAfter : Number.MAX_SAFE_INTEGER }
  }

  /** The audit under way; null for none. */
  get run(): Readonly<Run> | null {
    return this.#state.run
  }

  /** The last audit that came to its end; null for none. */
  get last(): Readonly<FinishedAudit> | null {
    return this.#state.last
  }

  /**
   * What the last audit that came to its end has found; null before that, so that none that had to stop is taken for
   * a clean one. But drift of the audit under way counts at once.
   */
  get result(): AuditResult | null {
    const { run, last, lastDriftAt } = this.#state
    const shown = last ?? (run && run.drift > 0 ? run : null)
    if (shown === null) return null
    const { checkedAt, users, boards } = shown
    return { checkedAt, users, boards, drift: (last?.drift ?? 0) + (run?.drift ?? 0), lastDriftAt }
  }

  /** The audit under way, or a new one. */
  begin(now: Instant): Readonly<Run> {
    if (this.#state.run) return this.#state.run
    const begun = {
      steps: 0,
      findings: [],
      usersSeen: 0,
      startedAfter: this.#state.afterUser,
      cameRound: false,
    }
    const run = { checkedAt: now, users: 0, boards: 0, drift: 0, ...begun }
    this.#state = { ...this.#state, audit: this.#state.audit + 1, run }
    return run
  }

  /** Adds to what the audit under way has counted. */
  count(name: 'users' | 'boards' | 'steps' | 'usersSeen', more: number, now: Instant): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, [name]: run[name] + more, checkedAt: now }
  }

  /** Notes drift for good, before anything is done about it. */
  noteDrift(now: Instant): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, drift: run.drift + 1, checkedAt: now }
    this.#state.lastDriftAt = now
    this.keep()
  }

  /** Remembers what differed, so that it can be told again; of very much, the newest. */
  noteFinding(finding: Finding): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, findings: [...run.findings, finding].slice(-findingsMax) }
  }

  /** The rotation has come to a user. */
  moveTo(afterUser: number): void {
    this.#state.afterUser = afterUser
  }

  /**
   * Nobody is left whose turn it is: the rotation goes on from its beginning, up to where it was when the audit began.
   * Returns whether it had come there, so that everybody had their turn.
   */
  endTurn(): boolean {
    const { run } = this.#state
    if (run === null || run.cameRound) return true
    this.#state = { ...this.#state, afterUser: 0, run: { ...run, cameRound: true } }
    return run.startedAfter === 0
  }

  /** The audit under way has come to its end. */
  finish(): void {
    const { run } = this.#state
    if (run === null) return
    const { checkedAt, users, boards, drift, steps, findings } = run
    this.#state = { ...this.#state, run: null, last: { checkedAt, users, boards, drift, steps, findings } }
  }

  keep(): void {
    this.#storage.put('state', this.#state)
  }
}
