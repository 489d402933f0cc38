import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { Json } from './site.ts'

/** What D1 does to one call: it fails with a text, or never answers; and before that it may have committed. */
export type Fault = { commits: boolean } & ({ text: string } | { hangs: true })

/** D1's own list of what it may fail with (developers.cloudflare.com/d1/observability/debug-d1); the first six are worth a second try. */
export const d1Texts = [
  'D1 DB reset because its code was updated.',
  'Internal error while starting up D1 DB storage caused object to be reset.',
  'Network connection lost.',
  'Internal error in D1 DB storage caused object to be reset.',
  'Cannot resolve D1 DB due to transient issue on remote node.',
  "Can't read from request stream because client disconnected.",
  'D1 DB storage operation exceeded timeout which caused object to be reset.',
  'D1 DB is overloaded. Requests queued for too long.',
  'D1 DB is overloaded. Too many requests queued.',
  "D1 DB's isolate exceeded its memory limit and was reset.",
  'D1 DB exceeded its CPU time limit and was reset.',
]

/** A fault that is not tried again at once, so that tests need not wait. */
export const overloaded = { text: 'D1 DB is overloaded. Too many requests queued.', commits: false }

/** What an error of D1's may quote, and no caller may see. */
const quoted = 'near "SELECT secret FROM events": offset 7'

/**
 * Stands between D1 and everybody who asks it, the Worker and its objects alike: `plan` says for each call what goes
 * wrong, undefined for nothing, and may take its time. Lasts until vi.restoreAllMocks(). Statements outside of a batch pass: only tests make them.
 */
export const breakD1 = (plan: () => Fault | undefined | Promise<Fault | undefined>): { calls: number } => {
  const counted = { calls: 0 }
  const prototype: D1Database = Object.getPrototypeOf(env.DB)
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  vi.spyOn(prototype, 'batch').mockImplementation(async function fail(this: D1Database, statements) {
    counted.calls += 1
    const fault = await plan()
    if (fault === undefined) return await batch.call(this, statements)
    if (fault.commits) await batch.call(this, statements)
    if ('hangs' in fault) return await new Promise<never>(() => undefined)
    throw new Error(`D1_ERROR: ${fault.text} ${quoted}`)
  })
  return counted
}

/** D1 fails every call from now on; the returned function brings it back. */
export const takeD1Out = (fault: Fault = overloaded): (() => void) => {
  breakD1(() => fault)
  return () => vi.restoreAllMocks()
}

/** The contract's 503, and nothing of what went wrong inside. */
export const expectUnavailable = async (response: Response, about = ''): Promise<void> => {
  const text = await response.text()
  expect(response.status, `${about} ${text}`).toBe(503)
  const { headers } = response
  expect([headers.get('content-type'), headers.get('retry-after'), headers.get('cache-control')]).toEqual([
    'application/problem+json',
    '2',
    'no-store',
  ])
  const body: Json = JSON.parse(text)
  expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail'])
  expect(body.type).toBe('/problems/unavailable')
  expect(text + JSON.stringify([...headers])).not.toMatch(
    /D1|SQL|SELECT|secret|overloaded|reset|\bat \S+:\d+/,
  )
}
