import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { noParameters } from '../../parameters.ts'
import { count, forEachType, instant, moment } from '../../shapes.ts'

const coverage = z
  .strictObject({
    complete: z.boolean().register(documented, { description: 'A backfill has declared the type whole' }),
    since: z.nullable(instant).register(documented, {
      description: 'When the first webhook recorded one; null when complete, or when there is none',
    }),
  })
  .register(documented, { id: 'Coverage', description: 'How far back the history of a type reaches' })

const lastAudit = z
  .strictObject({
    checked_at: instant,
    users: count,
    boards: z.int().check(z.gte(0)).register(documented, { description: 'Boards and metrics' }),
    drift: z
      .int()
      .check(z.gte(0))
      .register(documented, { description: 'How many differed from the log, and were rebuilt' }),
    last_drift_at: z
      .nullable(instant)
      .register(documented, { description: 'When any audit last found a difference' }),
  })
  .register(documented, { id: 'Audit', description: 'What the last audit compared with the log, and found' })

const statusAnswer = z
  .strictObject({
    ...moment,
    events: z.int().check(z.gte(0)).register(documented, { description: 'Rows of the log' }),
    contributions: z.int().check(z.gte(0)).register(documented, { description: 'Those that stand' }),
    first_event_at: z
      .nullable(instant)
      .register(documented, { description: 'The least `occurred_at` of all rows' }),
    last_event_at: z
      .nullable(instant)
      .register(documented, { description: 'The greatest `occurred_at` of all rows' }),
    coverage: z.strictObject(forEachType(coverage)),
    audit: z.nullable(lastAudit).register(documented, { description: 'null before the first' }),
  })
  .register(documented, { id: 'Status' })

export const readStatusOperation = describe({
  id: 'readStatus',
  tag: 'Operating',
  summary: 'The log in numbers',
  description: 'How much the log holds, and how far back it reaches for each type of contribution.',
  query: noParameters,
  answer: statusAnswer,
  cached: false,
  examples: { Now: {} },
})
