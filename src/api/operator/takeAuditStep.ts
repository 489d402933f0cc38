import * as z from 'zod/mini'
import { configured } from '../../configuration.ts'
import type { AuditStep } from '../../audit/Auditor.ts'
import { auditedKinds, differences } from '../../audit/auditTarget.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { callObject, auditorOf } from '../../projections/objects.ts'
import { wholeNumber } from '../parameters.ts'
import * as shape from '../shapes.ts'

const found = z
  .strictObject({
    kind: described(z.enum(auditedKinds), 'What was compared'),
    name: z.string().register(documented, {
      description: 'Which one: the ID of a user, or a board or metric and its window',
    }),
    differs: described(z.array(z.enum(differences)), 'What differed'),
    healed: z
      .boolean()
      .register(documented, { description: 'Whether it equalled the log after it was rebuilt' }),
  })
  .register(documented, { id: 'AuditFinding', description: 'Numbers that differed from the log' })

const answer = z
  .strictObject({
    audit: shape.positive('The number of the audit'),
    done: described(z.boolean(), 'Whether the audit has ended'),
    steps: shape.positive('Steps completed so far'),
    steps_expected: shape.counted('Steps that the audit will probably take'),
    checked_at: described(shape.instant, 'When the audit last compared anything'),
    users: shape.counted('Users compared so far'),
    boards: shape.counted('Comparisons of boards and metrics so far; a board counts once for each window'),
    drift: shape.counted('Differences so far'),
    found: z.array(found).register(documented, {
      description:
        'The differences that this step found. If the audit had finished before, all of its differences, at most 100',
    }),
  })
  .register(documented, { id: 'AuditStep', description: 'The progress of an audit' })

const toBody = ({
  audit,
  done,
  steps,
  stepsExpected,
  totals,
  findings,
}: AuditStep): z.infer<typeof answer> => ({
  audit,
  done,
  steps,
  steps_expected: stepsExpected,
  checked_at: formatInstant(totals.checkedAt),
  users: totals.users,
  boards: totals.boards,
  drift: totals.drift,
  found: findings.map(({ kind, name, differs, healed }) => ({ kind, name, differs: [...differs], healed })),
})

/** `POST /v1/audit`. */
export const takeAuditStep = endpoint({
  id: 'takeAuditStep',
  tag: 'Operating',
  summary: 'Run the next step of an audit',
  description:
    'Recounts numbers from the log, compares them with those that the API serves, and rebuilds what differs. An audit has many steps: repeat the request with the `audit` of the first answer until `done` is true.',
  query: z.strictObject({
    audit: z.optional(
      wholeNumber(1, 999_999_999, 'The audit to continue: the `audit` of the previous step’s answer'),
    ),
    users: z._default(
      wholeNumber(
        1,
        999_999_999,
        'How many users to visit; those with a counter are compared. The next audit continues after them',
      ),
      1000,
    ),
  }),
  answer,
  cached: false,
  problems: ['invalid-parameter'],
  examples: { 'The first step': { query: { users: 1000 } } },
  async handle({ env, now, query, timing }) {
    configured(env, 'DEFAULT_LOCALE')
    const step = await timing.time(
      'object',
      callObject(
        () => auditorOf(env),
        async (auditor) => await auditor.step(now, query),
      ),
    )
    if (isFailure(step)) return step
    return { body: toBody(step), freshness: 'never' }
  },
})
