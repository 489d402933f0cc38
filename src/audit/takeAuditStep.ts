import * as z from 'zod/mini'
import { formatInstant } from '../contributions/instant.ts'
import type { Answer } from '../http/answer.ts'
import { unavailable, type Problem } from '../http/problem.ts'
import type { Call } from '../http/router.ts'
import { askObject } from '../projections/stubs.ts'
import { auditorOf } from './Auditor.ts'

const wholeNumber = (error: string) =>
  z.pipe(z.string().check(z.regex(/^[1-9][0-9]{0,8}$/, { error })), z.transform(Number))

export const takeAuditStepQuery = z.strictObject({
  audit: z.optional(wholeNumber('use the number that the step before gave')),
  users: z.prefault(wholeNumber('use how many users the whole audit takes, like 1000'), '1000'),
})

/** `POST /v1/audit`: the next step of an audit, and what it found, for the operator. */
export const takeAuditStep = async ({
  env,
  now,
  query,
  timing,
}: Call<z.infer<typeof takeAuditStepQuery>>): Promise<Answer | Problem> => {
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
      found: findings.map(({ kind, name, differs, healed }) => ({ kind, name, differs, healed })),
    },
    freshness: 'never',
  }
}
