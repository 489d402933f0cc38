import * as z from 'zod/mini'
import { ignoredReasons } from '../contributions/contribution.ts'
import { documented } from '../http/documented.ts'

const count = z.int().check(z.gte(0))
const index = z.int().check(z.gte(0)).register(documented, { description: 'The item’s place in `data`' })
const position = z.int().check(z.gte(1))

const result = z
  .union([
    z.strictObject({ index, status: z.enum(['recorded', 'duplicate', 'conflict']), position }),
    z.strictObject({ index, status: z.literal('ignored'), reason: z.enum(ignoredReasons) }),
    z.strictObject({ index, status: z.enum(['applied', 'unchanged']) }),
  ])
  .register(documented, { id: 'Result', description: 'The outcome of one item' })

/** How many ignored fields a receipt names. */
export const warningsMax = 20

const warning = z
  .strictObject({
    pointer: z
      .string()
      .check(z.regex(/^(?:\/(?:[^~/]|~[01])*)+$/))
      .register(documented, { description: 'A JSON Pointer (RFC 6901) into the body' }),
    detail: z.string(),
  })
  .register(documented, { id: 'Warning', description: 'A field that was ignored' })

/** The outcome of a message: the body of a 200 of `POST /v1/webhooks`. */
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
    warnings: z.optional(
      z
        .array(warning)
        .check(z.minLength(1), z.maxLength(warningsMax))
        .register(documented, {
          description: `Fields that were ignored because their object has no such field: the first ${warningsMax}, in document order; left out if there are none`,
        }),
    ),
  })
  .register(documented, { id: 'Receipt', description: 'The outcome of a message, after the commit' })

export type Receipt = z.infer<typeof receipt>
