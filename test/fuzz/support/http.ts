import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import { noon } from '../../support/clock.ts'
import { fetchApi, secret } from '../../support/site.ts'

/** The lines in which the Worker logged unexpected errors. */
export const unexpectedErrors: string[] = []

/** Hides the Worker's log and collects its lines about errors. */
export const watchErrors = (): void => {
  unexpectedErrors.length = 0
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.spyOn(console, 'error').mockImplementation((line) => {
    if (!String(line).startsWith('{"event":"request"')) unexpectedErrors.push(String(line))
  })
}

/** Every row of every table, as text. */
export const readDatabase = async (): Promise<string> => {
  const { results: tables } = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name`,
  ).all<{ name: string }>()
  expect(tables.length).toBeGreaterThan(5)
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM ${name}`)))
  return JSON.stringify(rows.map(({ results }, index) => [tables[index]?.name, results.length, results]))
}

const key = crypto.subtle.importKey(
  'raw',
  Uint8Array.fromBase64(secret.slice('whsec_'.length)),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['sign'],
)

let deliveries = 0

/** Posts signed bytes; the reference library signs only text. `headers` override those of the signature. */
export const deliver = async (
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> => {
  deliveries += 1
  const [id, timestamp] = [`fuzz_${deliveries}`, String(noon / 1000)]
  const prefix = new TextEncoder().encode(`${id}.${timestamp}.`)
  const content = new Uint8Array(prefix.length + body.length)
  content.set(prefix)
  content.set(body, prefix.length)
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', await key, content))
  const signed = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature.toBase64()}`,
  }
  return await fetchApi('/v1/webhooks', { method: 'POST', body, headers: { ...signed, ...headers } })
}

/** What no caller may see: secrets, stack traces, internal paths, and messages of the database. */
const leaks = [
  ...env.WEBHOOK_SECRETS.split(' ').map((whole) => whole.slice('whsec_'.length)),
  env.ADMIN_TOKEN,
  'D1_ERROR',
  'SQLITE_',
  'node_modules',
  'FROM events',
  'no such table',
]

export const expectNoLeak = (response: Response, text: string): void => {
  const all = `${JSON.stringify(Object.fromEntries(response.headers))}\n${text}`
  for (const leak of leaks) if (all.includes(leak)) expect.fail(`An answer contains ${leak}: ${text}`)
  if (/whsec_[\w+/]/.test(all)) expect.fail(`An answer has a secret: ${text}`)
  if (/\n\s+at .+:\d+:\d+|\.tsx?:\d+/.test(all)) expect.fail(`An answer has a stack: ${text}`)
  if (response.headers.get('x-content-type-options') !== 'nosniff') expect.fail('nosniff is missing')
}

/** Whether this is an item of a problem's `errors`: a pointer or a parameter, and a detail. */
const isProblemError = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false
  const { pointer, parameter, detail, ...rest } = error as Record<string, unknown>
  const isPlace =
    typeof pointer === 'string' ? /^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer) : pointer === undefined
  return (
    isPlace &&
    (typeof pointer === 'string') !== (typeof parameter === 'string') &&
    typeof detail === 'string' &&
    Object.keys(rest).length === 0
  )
}

/** Reads a problem document, which must be complete by RFC 9457. Returns its name and the places of its errors. */
export const readProblem = async (response: Response): Promise<{ problem: string; places: string[] }> => {
  const text = await response.text()
  expectNoLeak(response, text)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { type, title, status, detail, errors = [], ...rest } = JSON.parse(text)
  expect([status, typeof title, typeof detail, rest]).toEqual([response.status, 'string', 'string', {}])
  expect(type).toMatch(/^\/problems\/[a-z-]+$/)
  if (!Array.isArray(errors) || !errors.every(isProblemError)) expect.fail(`These are no errors: ${text}`)
  return {
    problem: type.slice('/problems/'.length),
    places: errors.map((error) => error.pointer ?? error.parameter),
  }
}
