import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Json } from '../support/site.ts'
import { startServer, type Server } from './support/server.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

it('/openapi.json is a valid OpenAPI 3.1 document', async () => {
  const document: Json = await (await fetch(`${server.url}/openapi.json`)).json()
  const validator = new Validator()
  expect(await validator.validate(document)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

it('/openapi.json allows every origin and 5 minutes of caching, and returns 304 for its ETag', async () => {
  const response = await fetch(`${server.url}/openapi.json`)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  const tag = response.headers.get('etag') ?? ''
  await response.body?.cancel()
  const again = await fetch(`${server.url}/openapi.json`, { headers: { 'if-none-match': tag } })
  expect([again.status, again.headers.get('etag')]).toEqual([304, tag])
})
