import * as z from 'zod/mini'
import { describe } from '../../http/openapi/operation.ts'
import { noParameters } from '../../stats/parameters.ts'
import { position } from '../../stats/shapes.ts'

export const readHealthOperation = describe({
  id: 'readHealth',
  tag: 'Operating',
  summary: 'Whether the log answers',
  description: 'For monitoring: `ok` when the log can be read.',
  query: noParameters,
  answer: z.strictObject({ status: z.literal('ok'), position }),
  cached: false,
  examples: { Now: {} },
})
