import * as z from 'zod/mini'
import { retractionReasons } from '../../../contributions/contribution.ts'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { afterParameter, limitParameter } from '../../parameters.ts'
import { eventPosition, facts, instant } from '../../shapes.ts'

const event = z
  .strictObject({
    position: eventPosition,
    delta: z.literal([1, -1]).register(documented, { description: '+1 counts, −1 reverses an earlier +1' }),
    recorded_at: instant,
    user: z.strictObject({ id: z.int().check(z.gte(1)) }),
    ...facts,
    reason: z
      .nullable(z.enum(retractionReasons))
      .register(documented, { description: 'Of an entry with delta −1; null where the message gave none' }),
  })
  .register(documented, { id: 'Event', description: 'One row of the log' })

/** A line of `GET /v1/log`. */
export type Event = z.infer<typeof event>

export const streamLogOperation = describe({
  id: 'streamLog',
  tag: 'Operating',
  summary: 'The log itself',
  description: `Events as newline-delimited JSON, in position order, for the operator: each line is an \`Event\`. Both entries of a reversal are there.`,
  query: z.strictObject({
    after: afterParameter,
    limit: z.prefault(limitParameter(10_000), '1000'),
  }),
  answer: z.never(),
  format: { mediaType: 'application/x-ndjson', schema: event },
  cached: false,
  examples: { 'The first two events': { query: { after: 0, limit: 2 } } },
})
