import type { Instant } from '../contributions/instant.ts'
import type { Finding } from './auditTarget.ts'

/** What an audit has found so far. */
export interface AuditTotals {
  /** When its last step was taken. */
  checkedAt: Instant
  /** Counters, and rankings (boards in each window, and metrics), that were compared. */
  users: number
  boards: number
  /** How many projections differed from the log. */
  drift: number
}

/** A finished audit. */
export interface FinishedAudit extends AuditTotals {
  steps: number
  /** The newest findings. */
  findings: readonly Finding[]
}

/** What the status shows: the last finished audit. */
export interface AuditResult extends AuditTotals {
  /** When any audit last found drift; null for never. */
  lastDriftAt: Instant | null
}

/** An audit in progress. */
export interface Run extends AuditTotals {
  /** Steps that are done. */
  steps: number
  /** The newest findings. */
  findings: readonly Finding[]
  /** Users who had their turn, including those whose counter stored nothing. */
  usersSeen: number
  /** The last user of the audit before. The rotation ends there, so that no user has two turns in one audit. */
  startedAfter: number
  /** Whether the rotation has restarted from the first user since. */
  cameRound: boolean
}

interface State {
  /** The number of the newest audit; the first is 1. */
  audit: number
  /** The last user who had a turn; 0 at the start of the rotation. */
  afterUser: number
  run: Run | null
  last: FinishedAudit | null
  lastDriftAt: Instant | null
}

/** How many findings are stored. */
const findingsMax = 100

const initialState: State = { audit: 0, afterUser: 0, run: null, last: null, lastDriftAt: null }

/**
 * What audits store between steps and between nights. `save` writes one row. If the object is lost, what it has not saved
 * is audited again.
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

  /** The users whose turn it is: IDs after one, up to another. */
  get turn(): { after: number; upTo: number } {
    const { afterUser, run } = this.#state
    return { after: afterUser, upTo: run?.cameRound ? run.startedAfter : Number.MAX_SAFE_INTEGER }
  }

  /** The audit in progress; null for none. */
  get run(): Readonly<Run> | null {
    return this.#state.run
  }

  /** The last finished audit; null for none. */
  get last(): Readonly<FinishedAudit> | null {
    return this.#state.last
  }

  /**
   * What the last finished audit found, plus the drift of the audit in progress. null before any has finished or found
   * drift, so that an interrupted audit is not mistaken for a clean one.
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

  /** Records drift, and saves that, before anything is rebuilt. */
  noteDrift(now: Instant): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, drift: run.drift + 1, checkedAt: now }
    this.#state.lastDriftAt = now
    this.save()
  }

  /** Records a finding, so that it can be reported again; keeps the newest 100. */
  noteFinding(finding: Finding): void {
    const { run } = this.#state
    if (run) this.#state.run = { ...run, findings: [...run.findings, finding].slice(-findingsMax) }
  }

  /** Moves the rotation on to a user. */
  moveTo(afterUser: number): void {
    this.#state.afterUser = afterUser
  }

  /**
   * Called after the last user. The rotation then restarts from the first one and ends where the audit began. Returns
   * whether every user has had a turn already.
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
