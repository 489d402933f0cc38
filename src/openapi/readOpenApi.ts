import * as z from 'zod/mini'
import { endpoint } from '../http/endpoint.ts'
import { documentOf } from './document.ts'

/** `GET /openapi.json`. */
export const readOpenApi = endpoint({
  id: 'readOpenApi',
  tag: 'Operating',
  summary: 'Get this document',
  description: 'The API as OpenAPI 3.1. It changes only when the service is deployed.',
  query: z.strictObject({}),
  answer: z.looseObject({ openapi: z.string() }),
  cached: true,
  examples: { Now: {} },
  handle: ({ routes }) => ({ body: { ...documentOf(routes) }, freshness: 'past' }),
})
