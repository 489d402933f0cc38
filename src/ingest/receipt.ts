import * as z from 'zod/mini'
import { ignoredReasons } from '../contributions/contribution.ts'
import { documented } from '../http/openapi/documented.ts'

const count = z.int().check(z.gte(0))
const index = z.int().check(z.gte(0)).register(documented, { description: 'The item’s place in `data`' })
const position = z.int().check(z.gte(1))

const result = z
  .union([
    z.strictObject({ index, status: z.enum(['recorded', 'duplicate', 'conflict']), position }),
    z.strictObject({ index, status: z.literal('ignored'), reason: z.enum(ignoredReasons) }),
    z.strictObject({ index, status: z.enum(['applied', 'unchanged']) }),
  ])
  .register(documented, { id: 'Result', description: 'What became of one item of a message' })

/** What became of a message: the body of a 200 of `POST /v1/webhooks`. */
export const receipt = z
  .strictObject({
    position: z
      .int()
      .check(z.gte(0))
      .register(documented, { description: 'The log position at which all of it is visible' }),
    recorded: count,
    duplicate: count,
    conflict: count,
    ignored: count,
    results: z.array(result).register(documented, { description: 'One for each item, in order' }),
  })
  .register(documented, { id: 'Receipt', description: 'What became of a message, after the commit' })

export type Receipt = z.infer<typeof receipt>
