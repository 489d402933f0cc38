import * as z from 'zod/mini'
import type { HandlerOf, Route } from '../router.ts'
import { documentOf, type OpenApiDocument } from './document.ts'
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

/** `GET /openapi.json`: the document of the routes, made when it is first asked for. */
export const readOpenApi = (routes: () => readonly Route[]): HandlerOf<typeof readOpenApiOperation> => {
  let made: OpenApiDocument | undefined
  return () => {
    made ??= documentOf(routes())
    return { body: made, freshness: 'past' }
  }
}
