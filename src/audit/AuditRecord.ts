import type { Instant } from '../contributions/instant.ts'
import type { Finding } from './auditTarget.ts'

/** The results of an audit so far. */
export interface AuditTotals {
  /** When the last step ran. */
  checkedAt: Instant
  /** Compared counters, and compared rankings: boards in each window, and metrics. */
  users: number
  boards: number
  /** The number of projections that differed from the log. */
  drift: number
}

/** A finished audit. */
export interface FinishedAudit extends AuditTotals {
  steps: number
  /** The newest findings. */
  findings: readonly Finding[]
}

/** The last finished audit, as `/v1/status` shows it. */
export interface AuditResult extends AuditTotals {
  /** When any audit last found drift; null if none ever has. */
  lastDriftAt: Instant | null
}

/** An audit in progress. */
export interface Run extends AuditTotals {
  /** The number of finished steps. */
  steps: number
  /** The newest findings. */
  findings: readonly Finding[]
  /** Users that were visited, including those whose counter stores nothing. */
  usersSeen: number
  /** The last user of the previous audit. The rotation ends there, so that no user is visited twice in one audit. */
  startedAfter: number
  /** Whether the rotation has wrapped around to the first user. */
  cameRound: boolean
}

interface State {
  /** The number of the newest audit; the first is 1. */
  audit: number
  /** The last visited user; 0 at the start of the rotation. */
  afterUser: number
  run: Run | null
  last: FinishedAudit | null
  lastDriftAt: Instant | null
}

/** The maximum number of stored findings. */
const findingsMax = 100

const initialState: State = { audit: 0, afterUser: 0, run: null, last: null, lastDriftAt: null }

/**
 * The state of audits between steps and between nights. `save` writes one row. If the object is lost, whatever was not
 * saved is audited again.
 */
export class AuditRecord {
  #storage: SyncKvStorage
  #state: State

  constructor(storage: SyncKvStorage) {
    this.#storage = storage
    this.#state = storage.get<State>('state') ?? initialState
  }

  get audit(): number {
    return this.#state.audit
  }

  /** The range of users to visit next: IDs in (`after`, `upTo`]. */
  get turn(): { after: number; upTo: number } {
    const { afterUser, run } = this.#state
    return { after: afterUser, upTo: run?.cameRound ? run.startedAfter : Number.MAX_SAFE_INTEGER }
  }

  /** The audit in progress; null if there is none. */
  get run(): Readonly<Run> | null {
    return this.#state.run
  }

  /** The last finished audit; null if there is none. */
  get last(): Readonly<FinishedAudit> | null {
    return this.#state.last
  }

  /**
   * The results of the last finished audit, plus the drift found by the audit in progress. null until an audit has
   * finished or found drift, so that an interrupted audit is not mistaken for a clean one.
   */
  get result(): AuditResult | null {
    const { run, last, lastDriftAt } = this.#state
    const shown = last ?? (run && run.drift > 0 ? run : null)
    if (shown === null) return null
    const { checkedAt, users, boards } = shown
    return { checkedAt, users, boards, drift: (last?.drift ?? 0) + (run?.drift ?? 0), lastDriftAt }
  }

  /** Begins an audit, unless one is in progress. */
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

  /** Adds to a count of the audit in progress. */
  count(name: 'users' | 'boards' | 'steps' | 'usersSeen', more: number, now: Instant): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, [name]: run[name] + more, checkedAt: now }
  }

  /** Records drift and saves, before anything is rebuilt. */
  recordDrift(now: Instant): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, drift: run.drift + 1, checkedAt: now }
    this.#state.lastDriftAt = now
    this.save()
  }

  /** Records a finding, so that it can be reported repeatedly. Keeps the newest 100. */
  recordFinding(finding: Finding): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, findings: [...run.findings, finding].slice(-findingsMax) }
  }

  /** Advances the rotation to a user. */
  advanceTo(afterUser: number): void {
    this.#state.afterUser = afterUser
  }

  /**
   * Called after the last user of the current range. Wraps the rotation around to the first user, unless it already
   * has. Returns whether every user has been visited.
   */
  endTurn(): boolean {
    const { run } = this.#state
    if (run === null || run.cameRound) return true
    this.#state = { ...this.#state, afterUser: 0, run: { ...run, cameRound: true } }
    return run.startedAfter === 0
  }

  /** Finishes the audit in progress. */
  finish(): void {
    const { run } = this.#state
    if (run === null) return
    const { checkedAt, users, boards, drift, steps, findings } = run
    this.#state = { ...this.#state, run: null, last: { checkedAt, users, boards, drift, steps, findings } }
  }

  save(): void {
    this.#storage.put('state', this.#state)
  }
}
