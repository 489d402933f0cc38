import type { Instant } from '../contributions/instant.ts'
import { isFailure, type Result, LogUnavailable } from '../failure.ts'
import { callObject, auditorOf } from '../projections/objects.ts'
import type { AuditStep } from './Auditor.ts'

/**
 * Users per nightly audit; the status page states this number. More would exhaust file handles on a developer's machine,
 * where each user keeps up to three files open for some seconds.
 */
const usersPerNight = 1000

/** The pause before each retry. A cron trigger may run for 15 minutes in total. */
const pausesMilliseconds = [1000, 10_000, 60_000]

const takeStep = async (
  env: Pick<Env, 'AUDITOR'>,
  now: Instant,
  audit: number | undefined,
): Promise<AuditStep> => {
  const step = await callObject(
    () => auditorOf(env),
    async (auditor): Promise<Result<AuditStep>> => await auditor.step(now, { audit, users: usersPerNight }),
  )
  if (!isFailure(step)) return step
  if (step.failure === 'unavailable') throw new LogUnavailable(step.detail)
  throw new Error('Another audit has finished in the meantime')
}

/**
 * Runs a whole audit, step by step. Retries a failed step for about a minute, then throws LogUnavailable. The next
 * audit resumes at that step; until it finishes, the status keeps the old `checked_at`. `pause` waits for the given
 * number of milliseconds.
 */
export const auditAll = async (
  env: Pick<Env, 'AUDITOR'>,
  now: Instant,
  pause = async (milliseconds: number): Promise<void> => await scheduler.wait(milliseconds),
): Promise<void> => {
  const next = async (audit?: number): Promise<AuditStep> => {
    for (const milliseconds of pausesMilliseconds) {
      try {
        return await takeStep(env, now, audit)
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error
        await pause(milliseconds)
      }
    }
    return await takeStep(env, now, audit)
  }
  let step = await next()
  while (!step.done) step = await next(step.audit)
}
