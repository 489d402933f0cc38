import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { auditParameter, auditUsersParameter } from '../../parameters.ts'
import { count, instant } from '../../shapes.ts'
import { auditedKinds, differences } from '../../../audit/auditTarget.ts'

const found = z
  .strictObject({
    kind: z.enum(auditedKinds),
    name: z.string().register(documented, { description: 'Of the board or metric, or the id of the user' }),
    differs: z.array(z.enum(differences)),
    healed: z
      .boolean()
      .register(documented, { description: 'Whether it agreed with the log once it was rebuilt' }),
  })
  .register(documented, { id: 'AuditFinding', description: 'Numbers that differed from the log' })

export const takeAuditStepOperation = describe({
  id: 'takeAuditStep',
  tag: 'Operating',
  summary: 'The next step of an audit',
  description: `Counts anew, straight from the log, and compares that with the numbers that answers come from. What differs is rebuilt. A whole audit is many steps: ask with the \`audit\` of the step before until \`done\`. For the operator.`,
  query: z.strictObject({ audit: auditParameter, users: auditUsersParameter }),
  answer: z
    .strictObject({
      audit: z.int().check(z.gte(1)).register(documented, { description: 'Which audit' }),
      done: z.boolean(),
      steps: z.int().check(z.gte(1)).register(documented, { description: 'Steps that are over' }),
      steps_expected: count,
      checked_at: instant,
      users: count,
      boards: z
        .int()
        .check(z.gte(0))
        .register(documented, { description: 'Boards and metrics that were compared so far' }),
      drift: z.int().check(z.gte(0)).register(documented, { description: 'What differed so far' }),
      found: z.array(found).register(documented, {
        description: 'What this step found; when the audit was over already, all that it found, at most 100',
      }),
    })
    .register(documented, { id: 'AuditStep' }),
  cached: false,
  problems: ['invalid-parameter'],
  examples: { 'The first step': { query: { users: 1000 } } },
})
