import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { Json } from './site.ts'

/** How D1 fails a call: with an error, or by never answering. It may commit before that. */
export type Fault = { commits: boolean } & ({ text: string } | { hangs: true })

/** The errors that D1 documents (developers.cloudflare.com/d1/observability/debug-d1). The first six may be retried. */
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

/** A failure that is not retried at once, so that tests need not wait. */
export const overloaded = { text: 'D1 DB is overloaded. Too many requests queued.', commits: false }

/** A part of D1's error messages that no caller may see. */
const quoted = 'near "SELECT secret FROM events": offset 7'

/**
 * Makes batches of the Worker and its objects fail as `plan` says; undefined lets a call pass. Counts the calls. Statements
 * outside of a batch always pass, because only tests run them. Lasts until vi.restoreAllMocks().
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

/** Makes D1 fail every call until the returned function is called. */
export const takeD1Out = (fault: Fault = overloaded): (() => void) => {
  breakD1(() => fault)
  return () => vi.restoreAllMocks()
}

/** Expects the contract's 503, without a trace of the internal error. */
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
