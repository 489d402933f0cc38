import type { Instant } from '../contributions/instant.ts'
import { LogUnavailable } from '../log/database.ts'
import { askObject } from '../projections/stubs.ts'
import { auditorOf, type AuditStep } from './Auditor.ts'

/**
 * Users who have their turn in one night. A few thousand would do no harm on the platform; on a developer's machine,
 * each is a file or three that is open for some seconds.
 */
const usersPerNight = 1000

/**
 * A whole audit, step by step. Throws LogUnavailable when it has to stop; then the next one goes on from there, and
 * the status shows by `checked_at` that none has come to its end since.
 */
export const auditAll = async ({ AUDITOR }: Pick<Env, 'AUDITOR'>, now: Instant): Promise<void> => {
  const next = async (audit?: number): Promise<AuditStep> => {
    const step = await askObject(
      () => auditorOf(AUDITOR),
      async (auditor) => await auditor.step(now, { audit, users: usersPerNight }),
    )
    if (step.status === 'stepped') return step
    throw new LogUnavailable(
      'The log cannot answer an audit now: the next one goes on where this one stopped',
    )
  }
  let step = await next()
  while (!step.done) step = await next(step.audit)
}
