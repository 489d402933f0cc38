import { configured } from '../configuration.ts'
import { formatInstant } from '../contributions/instant.ts'
import { invalidParameter, unavailable } from '../http/problem.ts'
import type { HandlerOf } from '../http/route.ts'
import { askObject } from '../projections/stubs.ts'
import { auditorOf } from '../audit/Auditor.ts'
import type { takeAuditStepOperation } from './operations/takeAuditStep.ts'

/** `POST /v1/audit`: the next step of an audit, and what it found, for the operator. */
export const takeAuditStep: HandlerOf<typeof takeAuditStepOperation> = async ({
  env,
  now,
  query,
  timing,
}) => {
  configured(env, 'DEFAULT_LOCALE')
  const step = await timing.time(
    'object',
    askObject(
      () => auditorOf(env.AUDITOR),
      async (auditor) => await auditor.step(now, query),
    ),
  )
  if (step.status === 'unavailable') {
    return unavailable('Cannot go on with the audit: the log cannot answer now; ask again')
  }
  if (step.status === 'unknown') {
    return invalidParameter('audit', `Cannot go on with audit ${query.audit}: leave it out to begin one`)
  }
  const { audit, done, totals, findings } = step
  const { checkedAt, users, boards, drift } = totals
  return {
    body: {
      audit,
      done,
      steps: step.steps,
      steps_expected: step.stepsExpected,
      checked_at: formatInstant(checkedAt),
      users,
      boards,
      drift,
      found: findings.map(({ kind, name, differs, healed }) => ({
        kind,
        name,
        differs: [...differs],
        healed,
      })),
    },
    freshness: 'never',
  }
}
