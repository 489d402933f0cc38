import { describe, expect, it } from 'vitest'
import { checkResponse } from '../support/checkResponse.ts'

/** What the door of the tests makes of an answer of `/healthz`, or of another address. */
const judged = async (
  body: string | null,
  {
    path = '/healthz',
    method = 'GET',
    status = 200,
    headers = {},
  }: {
    path?: string
    method?: string
    status?: number
    headers?: Record<string, string>
  } = {},
): Promise<string> => {
  const response = new Response(body, {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
  try {
    await checkResponse(new Request(`https://perennial.example${path}`, { method }), response)
    return 'as promised'
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
  }
}

const ok = '{"status":"ok","position":1}'
const problem = (name: string, status: number, more = {}): string =>
  JSON.stringify({
    type: `/problems/${name}`,
    title: 'Not found',
    status,
    detail: 'Cannot',
    ...more,
  })
const asProblem = { 'content-type': 'application/problem+json' }

describe('checkResponse', () => {
  it('returns a response that its route allows', async () => {
    expect(await judged(ok)).toBe('as promised')
    expect(await judged('', { method: 'HEAD' })).toBe('as promised')
    const notFound = { path: '/v1/users/9', status: 404, headers: asProblem }
    expect(await judged(problem('not-found', 404), notFound)).toBe('as promised')
    const nowhere = { path: '/nowhere', status: 404, headers: asProblem }
    expect(await judged('', { ...nowhere, method: 'HEAD' })).toBe('as promised')
    expect(await judged('', nowhere)).not.toBe('as promised')
  })

  it.each([
    ['a property too many', '{"status":"ok","position":1,"colour":"red"}', {}],
    ['a property too few', '{"status":"ok"}', {}],
    ['a value of another type', '{"status":"ok","position":"1"}', {}],
    ['another media type', ok, { headers: { 'content-type': 'text/plain' } }],
    ['caching that is not promised', ok, { headers: { 'cache-control': 'public' } }],
    ['a tag that is not promised', ok, { headers: { etag: 'W/"a"' } }],
    ['a status that is not promised', problem('not-found', 404), { status: 404, headers: asProblem }],
    ['a problem as JSON', problem('not-found', 404), { path: '/v1/users/9', status: 404 }],
    ['a body for HEAD', ok, { method: 'HEAD' }],
    [
      'a status other than the problem’s',
      problem('not-found', 400),
      { path: '/v1/users/9', status: 400, headers: asProblem },
    ],
    [
      'a problem with a property too many',
      problem('not-found', 404, { stack: 'at' }),
      { path: '/v1/users/9', status: 404, headers: asProblem },
    ],
    [
      'a wait without Retry-After',
      problem('unavailable', 503, { title: 'Service unavailable' }),
      { status: 503, headers: asProblem },
    ],
  ])('rejects %s', async (_, body, answered) => {
    expect(await judged(body, answered)).toContain('Not as promised')
  })
})
