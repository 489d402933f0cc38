import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { readUsersInTurn } from '../log/queries/audit.ts'
import { runBatch, LogUnavailable } from '../log/database.ts'
import { readHead } from '../log/head.ts'
import type { Unavailable } from '../projections/LogFollower.ts'
import { auditedRanking, rankingsToAudit } from './auditedRanking.ts'
import { auditedSummary } from './auditedSummary.ts'
import { auditedUser } from './auditedUser.ts'
import { AuditRecord, type AuditResult, type AuditTotals } from './AuditRecord.ts'
import type { AuditTarget, Comparison, Finding } from './auditTarget.ts'

/** Users, and their events, in one step: within the platform's 1,000 queries a request, even if all have drifted. */
const usersPerStep = 100
const eventsPerStep = 50_000

/** Counters asked side by side. */
const usersAtATime = 5

/** What an audit is asked for. */
export interface AuditOrder {
  /** How many users have their turn; the next audit goes on behind them, so that everybody has theirs. */
  users: number
  /** The audit to go on with. */
  audit?: number | undefined
}

const stepsFor = (users: number): number => rankingsToAudit.length + 1 + Math.ceil(users / usersPerStep)

/** No audit of that number is under way, and it was not the last that came to its end. */
export interface UnknownAudit {
  status: 'unknown'
}

/** One step of an audit. */
export interface AuditStep {
  status: 'stepped'
  /** Which audit: its next step is asked for by this number. */
  audit: number
  done: boolean
  /** Steps that are over, and how many there are: a few more where users have very many events. */
  steps: number
  stepsExpected: number
  totals: AuditTotals
  /** What this step found, and steps before it that had to stop. */
  findings: readonly Finding[]
}

/**
 * Compares projections with the log, heals those that differ, and remembers what it found: one object, so one audit
 * at a time, in steps, each as long as one request may be. An audit that was left behind is gone on with. What it
 * remembers is in its own storage, where neither a restored database nor a crash loses it: a row a step.
 */
export class Auditor extends DurableObject<Env> {
  #record: AuditRecord
  #underWay: Promise<AuditStep | Unavailable> | undefined
  /** What nobody was told yet: a step that had to stop leaves what it found to the next. */
  #untold: Finding[] = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#record = new AuditRecord(ctx.storage.kv)
  }

  /** What audits have found; null before the first. Reads nothing but memory. */
  result(): AuditResult | null {
    return this.#record.result
  }

  /**
   * The next step of the audit under way, or of a new one. With the number of the last audit that came to its end it
   * gives all that this one found, so that whoever lost an answer may ask again. Who asks during a step shares it.
   */
  async step(now: Instant, { users, audit }: AuditOrder): Promise<AuditStep | Unavailable | UnknownAudit> {
    const { run, last } = this.#record
    const underWay = run === null ? undefined : this.#record.audit
    if (audit !== undefined && audit !== underWay) {
      const finished = this.#record.audit - (run === null ? 0 : 1)
      if (last === null || audit !== finished) return { status: 'unknown' }
      const { steps, findings, ...totals } = last
      return { status: 'stepped', audit, done: true, steps, stepsExpected: steps, totals, findings }
    }
    this.#underWay ??= this.#stepNow(now, users).finally(() => (this.#underWay = undefined))
    return await this.#underWay
  }

  async #stepNow(now: Instant, users: number): Promise<AuditStep | Unavailable> {
    const { steps } = this.#record.begin(now)
    try {
      const done = await this.#goOn(steps, users, now)
      this.#record.count('steps', 1, now)
      return this.#endStep(done, stepsFor(users))
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      console.error(JSON.stringify({ event: 'audit stopped', audit: this.#record.audit, steps }))
      return { status: 'unavailable', position: 0 }
    } finally {
      this.#record.keep()
    }
  }

  /** Rankings first, then the summary, then users; returns whether the audit has come to its end. */
  async #goOn(steps: number, users: number, now: Instant): Promise<boolean> {
    const ranking = rankingsToAudit[steps]
    if (ranking) {
      const { status } = await this.#examine(auditedRanking(this.env, ranking, now), now)
      if (status === 'compared') this.#record.count('boards', 1, now)
      return false
    }
    if (steps > rankingsToAudit.length) return await this.#auditUsers(users, now)
    await this.#examine(auditedSummary(this.env.DB, this.env.LOG_SUMMARY, now), now)
    return false
  }

  /** The next users of the rotation; returns whether they were the last of this audit. */
  async #auditUsers(users: number, now: Instant): Promise<boolean> {
    const { DB, USER_COUNTERS } = this.env
    const left = Math.max(0, users - (this.#record.run?.usersSeen ?? 0))
    const limit = Math.min(usersPerStep, left)
    const [head, found] = await runBatch(
      DB,
      readHead(DB, undefined),
      readUsersInTurn(DB, this.#record.turn, limit),
    )
    let eventsRead = 0
    let seen = 0
    while (seen < found.length && eventsRead < eventsPerStep) {
      const some = found.slice(seen, seen + usersAtATime)
      // Settled, all of them: a step that stops leaves nothing under way.
      const examined = await Promise.allSettled(
        some.map(async (user) => this.#examine(auditedUser(DB, USER_COUNTERS, { head, user }, now), now)),
      )
      for (const outcome of examined) if (outcome.status === 'rejected') throw outcome.reason
      for (const outcome of examined) {
        if (outcome.status === 'rejected' || outcome.value.status !== 'compared') continue
        eventsRead += outcome.value.eventsRead
        this.#record.count('users', 1, now)
      }
      this.#record.count('usersSeen', some.length, now)
      this.#record.moveTo(some.at(-1)?.id ?? 0)
      seen += some.length
    }
    const isTurnOver = seen === found.length && found.length < limit
    if (isTurnOver && this.#record.endTurn()) return true
    return (this.#record.run?.usersSeen ?? 0) >= users
  }

  /** Compares a projection; one that differs is noted first, then rebuilt, then compared again. */
  async #examine(audited: AuditTarget, now: Instant): Promise<Comparison> {
    const comparison = await audited.compare()
    if (comparison.status !== 'compared' || comparison.differs.length === 0) return comparison
    const { kind, name } = audited
    const { differs } = comparison
    this.#record.noteDrift(now)
    let healed = false
    try {
      await audited.rebuild()
      const again = await audited.compare()
      healed = again.status === 'compared' && again.differs.length === 0
    } finally {
      const finding = { kind, name, differs, healed }
      this.#untold.push(finding)
      this.#record.noteFinding(finding)
      // A user's id is personal data, which no log carries: the operator's answer has it.
      const named = kind === 'user' ? { kind } : { kind, name }
      console.error(JSON.stringify({ event: 'audit found drift', ...named, differs, healed }))
    }
    return comparison
  }

  #endStep(done: boolean, stepsExpected: number): AuditStep {
    const { audit, run } = this.#record
    if (run === null) throw new Error('Two steps at once: an audit takes one at a time')
    const { checkedAt, users, boards, drift } = run
    const totals = { checkedAt, users, boards, drift }
    if (done) {
      this.#record.finish()
      console.log(JSON.stringify({ event: 'audit', audit, users, boards, drift }))
    }
    const findings = this.#untold.splice(0)
    return { status: 'stepped', audit, done, steps: run.steps, stepsExpected, totals, findings }
  }
}

/** The one object that audits. */
export const auditorOf = (auditors: DurableObjectNamespace<Auditor>): DurableObjectStub<Auditor> =>
  auditors.getByName('log')
