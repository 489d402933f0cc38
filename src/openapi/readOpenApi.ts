import * as z from 'zod/mini'
import type { HandlerOf, Route } from '../http/route.ts'
import { documentOf } from './document.ts'
import { describe } from './operation.ts'

export const readOpenApiOperation = describe({
  id: 'readOpenApi',
  tag: 'Operating',
  summary: 'This document',
  description: 'The API as OpenAPI 3.1. It changes with a deployment only.',
  query: z.strictObject({}),
  answer: z.looseObject({ openapi: z.string() }),
  cached: true,
  examples: { Now: {} },
})

/** `GET /openapi.json`: the document of the routes. */
export const readOpenApi =
  (routes: () => readonly Route[]): HandlerOf<typeof readOpenApiOperation> =>
  () => ({ body: { ...documentOf(routes()) }, freshness: 'past' })
