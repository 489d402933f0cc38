import * as z from 'zod/mini'
import { variableNames } from '../../configuration.ts'
import { documented } from '../../http/openapi/documented.ts'
import { describe } from '../../http/openapi/operation.ts'
import { noParameters } from '../../stats/parameters.ts'
import { position } from '../../stats/shapes.ts'

const misconfigured = z
  .array(
    z.strictObject({
      variable: z.enum(variableNames),
      detail: z.string().register(documented, { description: 'What would be right' }),
    }),
  )
  .check(z.minLength(1))

export const readHealthOperation = describe({
  id: 'readHealth',
  tag: 'Operating',
  summary: 'Whether the log answers',
  description:
    'For monitoring: `ok` when the log can be read and every variable of the service can be used. `misconfigured` names the variables that cannot: what needs them is refused with 503, everything else goes on.',
  query: noParameters,
  answer: z.strictObject({
    status: z.enum(['ok', 'misconfigured']),
    position,
    misconfigured: z.optional(misconfigured),
  }),
  cached: false,
  examples: { Now: {} },
})
