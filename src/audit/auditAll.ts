import type { Instant } from '../contributions/instant.ts'
import { LogUnavailable } from '../log/database.ts'
import { callObject } from '../projections/callObject.ts'
import { auditorOf, type AuditStep } from './Auditor.ts'

/**
 * Users who have their turn in one night. A few thousand would do no harm on the platform; on a developer's machine,
 * each is a file or three that is open for some seconds.
 */
const usersPerNight = 1000

/** How long a step that cannot be taken is waited for, one time after the other. A cron has 15 minutes in all. */
const pausesMilliseconds = [1000, 10_000, 60_000]

const takeStep = async (
  { AUDITOR }: Pick<Env, 'AUDITOR'>,
  now: Instant,
  audit: number | undefined,
): Promise<AuditStep> => {
  const step = await callObject(
    () => auditorOf(AUDITOR),
    async (auditor) => await auditor.step(now, { audit, users: usersPerNight }),
  )
  if (step.status === 'stepped') return step
  if (step.status === 'unknown') throw new Error('Another audit has come to its end meanwhile')
  throw new LogUnavailable('The log cannot answer an audit now: the next one goes on where this one stopped')
}

/**
 * A whole audit, step by step. A step that cannot be taken is tried again for a minute or so; then it throws
 * LogUnavailable, the next audit goes on from there, and the status shows by `checked_at` that none has come to its end
 * since. `pause` waits for so many milliseconds.
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
