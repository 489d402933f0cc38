import * as z from 'zod/mini'
import { openApi } from '../../../build/generated/reference.js'
import { described } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'

/** `GET /openapi.json`: the document that `npm run build` generates from the endpoints (build/openapi/). */
export const readOpenApi = endpoint({
  id: 'readOpenApi',
  tag: 'Operating',
  summary: 'Get this document',
  description: 'The API as OpenAPI 3.1. It changes only when the service is deployed.',
  query: z.strictObject({}),
  answer: z.looseObject({ openapi: described(z.string(), 'The version of OpenAPI') }),
  cached: true,
  examples: { Now: {} },
  handle: () => ({ body: JSON.parse(openApi), freshness: 'past' }),
})
