import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { invalidParameter, type Result, LogUnavailable } from '../failure.ts'
import { countUsers, readUsersBetween } from '../log/queries/audit.ts'
import { runBatch } from '../log/database.ts'
import { readHead } from '../log/head.ts'
import { auditedColumns } from './auditedColumns.ts'
import { auditedRanking, rankingsToAudit } from './auditedRanking.ts'
import { auditedSummary } from './auditedSummary.ts'
import { auditedUser } from './auditedUser.ts'
import { AuditRecord, type AuditResult, type AuditTotals } from './AuditRecord.ts'
import type { AuditTarget, Comparison, Finding } from './auditTarget.ts'

/** Users and events per step: within the platform's limit of 1,000 queries per request, even if all users have drifted. */
const usersPerStep = 100
const eventsPerStep = 50_000

/** The number of counters compared concurrently. */
const usersAtATime = 5

/** Which step to take. */
export interface AuditOrder {
  /** How many users an audit visits. The next audit continues after them, so that every user is visited eventually. */
  users: number
  /** The audit to continue; undefined for the one in progress, or for a new one. */
  audit?: number | undefined
}

/** Audited after the rankings: the summary, then the columns. */
const otherTargets = [auditedSummary, auditedColumns]

const stepsFor = (users: number): number =>
  rankingsToAudit.length + otherTargets.length + Math.ceil(users / usersPerStep)

/** One step of an audit. */
export interface AuditStep {
  /** The number of the audit, which identifies it in the request for the next step. */
  audit: number
  done: boolean
  /** The number of finished steps, and of expected ones. A few more are needed if users have very many events. */
  steps: number
  stepsExpected: number
  totals: AuditTotals
  /** The findings of this step, and of earlier steps that failed. */
  findings: readonly Finding[]
}

/**
 * Compares projections with the log, rebuilds those that differ, and records the findings. There is one such object, so
 * there is one audit at a time, in steps that each fit in one request. An interrupted audit resumes. Results are in the
 * object's own storage, so neither a restore of D1 nor a crash loses them. A step writes one row.
 */
export class Auditor extends DurableObject<Env> {
  #record: AuditRecord
  #stepInProgress: Promise<Result<AuditStep>> | undefined
  /** The number of users when the audit of this number began, or was resumed. */
  #usersKnown: { audit: number; users: number } | undefined
  /** Findings not yet returned to a caller: if a step fails, the next one reports its findings. */
  #unreported: Finding[] = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#record = new AuditRecord(ctx.storage.kv)
  }

  /** The result that the status shows; null before there is one. Reads memory only. */
  result(): AuditResult | null {
    return this.#record.result
  }

  /**
   * Runs the next step of the audit in progress, or of a new one. Concurrent callers share the step. Given the number
   * of the last finished audit, returns all of its findings, so that a caller can retry after a lost answer. Returns
   * 'invalid-parameter' for any other number, and 'unavailable' if the log cannot be read.
   */
  async step(now: Instant, { users, audit }: AuditOrder): Promise<Result<AuditStep>> {
    const { run, last } = this.#record
    const current = run === null ? undefined : this.#record.audit
    if (audit !== undefined && audit !== current) {
      const finished = this.#record.audit - (run === null ? 0 : 1)
      if (last === null || audit !== finished)
        return invalidParameter(
          'audit',
          `Cannot continue audit ${audit}: leave "audit" out to begin a new one`,
        )
      const { steps, findings, ...totals } = last
      return { audit, done: true, steps, stepsExpected: steps, totals, findings }
    }
    this.#stepInProgress ??= this.#takeStep(now, users).finally(() => (this.#stepInProgress = undefined))
    return await this.#stepInProgress
  }

  async #takeStep(now: Instant, users: number): Promise<Result<AuditStep>> {
    const { steps } = this.#record.begin(now)
    try {
      const done = await this.#auditNext(steps, users, now)
      this.#record.count('steps', 1, now)
      return this.#endStep(done, stepsFor(Math.min(users, await this.#countUsers())))
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      console.error(JSON.stringify({ event: 'audit stopped', audit: this.#record.audit, steps }))
      return {
        failure: 'unavailable',
        detail: 'Cannot continue the audit: the log cannot be reached; try again',
      }
    } finally {
      this.#record.save()
    }
  }

  /**
   * Audits the next target: first rankings, then the summary and the columns, then users. Returns whether the audit is
   * finished.
   */
  async #auditNext(steps: number, users: number, now: Instant): Promise<boolean> {
    const ranking = rankingsToAudit[steps]
    if (ranking) {
      const comparison = await this.#examine(auditedRanking(this.env, ranking, now), now)
      if (comparison) this.#record.count('boards', 1, now)
      return false
    }
    const target = otherTargets[steps - rankingsToAudit.length]
    if (target === undefined) return await this.#auditUsers(users, now)
    await this.#examine(target(this.env, now), now)
    return false
  }

  async #countUsers(): Promise<number> {
    const { audit } = this.#record
    if (this.#usersKnown?.audit !== audit) {
      const [users] = await runBatch(this.env.DB, countUsers(this.env.DB))
      this.#usersKnown = { audit, users }
    }
    return this.#usersKnown.users
  }

  /** Audits the next users of the rotation. Returns whether they were the last ones of this audit. */
  async #auditUsers(users: number, now: Instant): Promise<boolean> {
    const { DB } = this.env
    const left = Math.max(0, users - (this.#record.run?.usersSeen ?? 0))
    const limit = Math.min(usersPerStep, left)
    const [head, found] = await runBatch(
      DB,
      readHead(DB, undefined),
      readUsersBetween(DB, this.#record.turn, limit),
    )
    let eventsRead = 0
    let seen = 0
    while (seen < found.length && eventsRead < eventsPerStep) {
      const some = found.slice(seen, seen + usersAtATime)
      // Waits for all of them, so that a failed step leaves nothing running.
      const examined = await Promise.allSettled(
        some.map(async (user) => this.#examine(auditedUser(this.env, { head, user }, now), now)),
      )
      for (const outcome of examined) if (outcome.status === 'rejected') throw outcome.reason
      for (const outcome of examined) {
        if (outcome.status === 'rejected' || outcome.value === undefined) continue
        eventsRead += outcome.value.eventsRead
        this.#record.count('users', 1, now)
      }
      this.#record.count('usersSeen', some.length, now)
      this.#record.advanceTo(some.at(-1)?.id ?? 0)
      seen += some.length
    }
    const isTurnOver = seen === found.length && found.length < limit
    if (isTurnOver && this.#record.endTurn()) return true
    return (this.#record.run?.usersSeen ?? 0) >= users
  }

  /** Compares a projection. If it differs, records the drift, then rebuilds the projection and compares it again. */
  async #examine(target: AuditTarget, now: Instant): Promise<Comparison | undefined> {
    const comparison = await target.compare()
    if (comparison === undefined || comparison.differs.length === 0) return comparison
    const { kind, name } = target
    const { differs } = comparison
    this.#record.recordDrift(now)
    let healed = false
    try {
      await target.rebuild()
      healed = (await target.compare())?.differs.length === 0
    } finally {
      const finding = { kind, name, differs, healed }
      this.#unreported.push(finding)
      this.#record.recordFinding(finding)
      // A user ID is personal data, so it is not logged. Only the answer to the operator contains it.
      const named = kind === 'user' ? { kind } : { kind, name }
      console.error(JSON.stringify({ event: 'audit found drift', ...named, differs, healed }))
    }
    return comparison
  }

  #endStep(done: boolean, stepsExpected: number): AuditStep {
    const { audit, run } = this.#record
    if (run === null) throw new Error('Two audit steps ran at once')
    const { checkedAt, users, boards, drift } = run
    const totals = { checkedAt, users, boards, drift }
    if (done) {
      this.#record.finish()
      console.log(JSON.stringify({ event: 'audit', audit, users, boards, drift }))
    }
    const findings = this.#unreported.splice(0)
    return { audit, done, steps: run.steps, stepsExpected, totals, findings }
  }
}
