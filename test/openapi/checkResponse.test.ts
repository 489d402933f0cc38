import { describe, expect, it } from 'vitest'
import { checkResponse } from '../support/checkResponse.ts'

/** The verdict of checkResponse on a response of `/healthz` or of another path. */
const verdictOn = async (
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
    return 'documented'
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
    expect(await verdictOn(ok)).toBe('documented')
    expect(await verdictOn('', { method: 'HEAD' })).toBe('documented')
    const notFound = { path: '/v1/users/9', status: 404, headers: asProblem }
    expect(await verdictOn(problem('not-found', 404), notFound)).toBe('documented')
    const nowhere = { path: '/nowhere', status: 404, headers: asProblem }
    expect(await verdictOn('', { ...nowhere, method: 'HEAD' })).toBe('documented')
    expect(await verdictOn('', nowhere)).not.toBe('documented')
  })

  it.each([
    ['an additional property', '{"status":"ok","position":1,"colour":"red"}', {}],
    ['a missing property', '{"status":"ok"}', {}],
    ['a value of another type', '{"status":"ok","position":"1"}', {}],
    ['another media type', ok, { headers: { 'content-type': 'text/plain' } }],
    ['undocumented caching', ok, { headers: { 'cache-control': 'public' } }],
    ['an undocumented ETag', ok, { headers: { etag: 'W/"a"' } }],
    ['an undocumented status', problem('not-found', 404), { status: 404, headers: asProblem }],
    [
      'a problem with the media type of JSON',
      problem('not-found', 404),
      { path: '/v1/users/9', status: 404 },
    ],
    ['a body for HEAD', ok, { method: 'HEAD' }],
    [
      'a status other than the problem’s',
      problem('not-found', 400),
      { path: '/v1/users/9', status: 400, headers: asProblem },
    ],
    [
      'a problem with an additional property',
      problem('not-found', 404, { stack: 'at' }),
      { path: '/v1/users/9', status: 404, headers: asProblem },
    ],
    [
      'a 503 without Retry-After',
      problem('unavailable', 503, { title: 'Service unavailable' }),
      { status: 503, headers: asProblem },
    ],
  ])('rejects %s', async (_, body, answered) => {
    expect(await verdictOn(body, answered)).toMatch(/^Not documented: /)
  })
})
