import { env } from 'cloudflare:workers'
import { beforeEach, expect, it, vi } from 'vitest'
import { get, post as receiveAt } from '../../src/http/route.ts'
import { createFetch } from '../../src/http/router.ts'
import { routes } from '../../src/routes.ts'
import { readHealth } from '../../src/api/operator/readHealth.ts'
import { breakD1 } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, post, send } from '../support/site.ts'
import wranglerToml from '../../wrangler.toml?raw'

const lines: unknown[] = []

beforeEach(async () => {
  vi.restoreAllMocks()
  setClock(noon)
  await freshLog()
  lines.length = 0
  for (const level of ['log', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(
      (...logged) => void lines.push(...logged.map((line) => JSON.parse(String(line)))),
    )
})

const isCount = (line: unknown): boolean => JSON.stringify(line).startsWith('{"event":"webhooks accepted"')

const secretWords = ['ana-secret', 'Ana Hidden', 'nobody-knows', 'token-guess', '4242', '198.51.100.7']

it('a request is logged in one line with its route and status, and nothing about a person', async () => {
  await send('contribution.created', aContribution({ user: { id: 4242, username: 'ana-secret' } }), noon)
  await send('user.updated', { id: 4242, display_name: 'Ana Hidden' }, noon)
  const headers = { 'cf-connecting-ip': '198.51.100.7' }
  await fetchApi('/v1/users/4242?at_least=1', { headers })
  await fetchApi('/v1/users?username=ana-secret', { headers })
  await fetchApi('/v1/users/4242/card.svg', { headers })
  await fetchApi('/v1/leaderboards/overall?around=4242', { headers })
  await fetchApi('/v1/log?after=0', { headers: { ...headers, authorization: 'Bearer token-guess' } })
  await fetchApi('/nobody-knows/4242', { headers })
  await post('{"user":"ana-secret"')
  expect(lines.filter((line) => !isCount(line))).toMatchObject([
    { event: 'request', method: 'GET', route: '/v1/users/:id', status: 200 },
    { event: 'request', method: 'GET', route: '/v1/users', status: 200 },
    { event: 'request', method: 'GET', route: '/v1/users/:id/card.svg', status: 200 },
    { event: 'request', method: 'GET', route: '/v1/leaderboards/:board', status: 200 },
    { event: 'request', method: 'GET', route: '/v1/log', status: 401 },
    { event: 'request', method: 'GET', route: null, status: 404 },
    { event: 'request', method: 'POST', route: '/v1/webhooks', status: 400 },
  ])
  for (const word of secretWords) expect(JSON.stringify(lines)).not.toContain(word)
})

it('accepted webhooks are counted in a line every ten seconds, and any other webhook is logged', async () => {
  const answers: Response[] = []
  const fetchWebhook = createFetch([
    receiveAt('/hook', { ...readHealth, handle: async () => answers.shift() ?? Response.error() }),
  ])
  const receive = async (now: number, status = 200): Promise<void> => {
    answers.push(new Response(null, { status }))
    await fetchWebhook(new Request('https://perennial.example/hook', { method: 'POST' }), env, now)
  }
  await receive(noon)
  await receive(noon + 1)
  await receive(noon + 2, 422)
  await receive(noon + 9999)
  await receive(noon + 10_000)
  await receive(noon + 10_001)
  await receive(noon + 20_000)
  expect(lines).toMatchObject([
    { event: 'webhooks accepted', requests: 1 },
    { event: 'request', method: 'POST', route: '/hook', status: 422 },
    { event: 'webhooks accepted', requests: 3 },
    { event: 'webhooks accepted', requests: 2 },
  ])
})

it('a webhook that takes a second is logged', async () => {
  let clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  const handle = async (): Promise<Response> => {
    clock += 1000
    return new Response()
  }
  const answer = createFetch([receiveAt('/hook', { ...readHealth, handle })])
  await answer(new Request('https://perennial.example/hook', { method: 'POST' }), env, noon)
  expect(lines).toEqual([{ event: 'request', method: 'POST', route: '/hook', status: 200, render: 1000 }])
})

it('the platform logs no address, no query string and no trace', () => {
  const settings = wranglerToml.slice(wranglerToml.indexOf('[observability]'))
  expect(settings).toMatch(/^redact_query_string = true\b/m)
  expect(settings).toMatch(/^invocation_logs = false\b/m)
  expect(settings).toMatch(/^\[observability\.traces\]\nenabled = false\b/m)
})

it('an unexpected error is logged by its name and place, and hidden from the caller', async () => {
  const fail = (): never => {
    throw new TypeError(`Cannot bind "ana-secret" to SELECT * FROM users\n    at ${env.ADMIN_TOKEN}`)
  }
  const answer = createFetch([get('/fails', { ...readHealth, handle: fail })])
  const response = await answer(new Request('https://perennial.example/fails'), env, noon)
  expect(response.status).toBe(500)
  expect(await response.json()).toEqual({
    type: '/problems/internal',
    title: 'Internal error',
    status: 500,
    detail: 'Cannot answer: an unexpected error occurred on the server',
  })
  expect(lines).toMatchObject([
    { event: 'unexpected error', name: 'TypeError', stack: expect.stringMatching(/^ +at Object\.fail /) },
    { event: 'request', method: 'GET', route: '/fails', status: 500 },
  ])
  const logged = JSON.stringify(lines)
  for (const word of ['ana-secret', 'SELECT', env.ADMIN_TOKEN]) expect(logged).not.toContain(word)
})

it('a failure that its route cannot render is answered in JSON, and both errors are logged', async () => {
  const fail = (): never => {
    throw new TypeError('no database')
  }
  const failing = { ...get('/fails', { ...readHealth, handle: fail }), respondFailure: async () => fail() }
  const answer = createFetch([failing], async () => fail())
  const statuses: unknown[] = []
  for (const path of ['/fails', '/nowhere']) {
    const response = await answer(new Request(`https://perennial.example${path}`), env, noon)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    statuses.push(response.status, await response.json())
  }
  const internal = expect.objectContaining({ type: '/problems/internal', status: 500 })
  expect(statuses).toEqual([500, internal, 500, internal])
  expect(lines).toMatchObject([
    { event: 'unexpected error' },
    { event: 'unexpected error' },
    { event: 'request', route: '/fails', status: 500 },
    { event: 'unexpected error' },
    { event: 'request', route: null, status: 500 },
  ])
})

it('every response has security headers', async () => {
  const paths = [...routes.map(({ path }) => path.replace(':id', '1').replace(':board', 'kb')), '/nowhere']
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const { headers } = await fetchApi(path, { method })
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'none';/)
      // A card may be embedded in any page: it is sandboxed instead.
      expect(headers.get('content-security-policy'), path).toMatch(/frame-ancestors 'none'|; sandbox$/)
      expect(headers.get('content-security-policy'), path).not.toContain('unsafe')
      expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000')
      expect(headers.has('referrer-policy'), path).toBe(true)
    }
  }
})

it("the reason for a D1 outage is logged in D1's own phrase, without what it quotes, even if the caller is served", async () => {
  await send('contribution.created', aContribution({ user: { id: 7 } }), noon)
  await fetchApi('/v1/users/7')
  let text = ''
  breakD1(() => ({ text, commits: false }))
  const reasons = {
    'D1 DB is overloaded. Too many requests queued.': 'overloaded',
    "D1 DB's isolate exceeded its memory limit and was reset.": 'exceeded its memory limit',
    'D1 DB exceeded its CPU time limit and was reset.': 'exceeded its cpu time limit',
    'An error that D1 does not document.': 'unknown',
  }
  for (const [index, [error, reason]] of Object.entries(reasons).entries()) {
    lines.length = 0
    text = error
    setClock(noon + (index + 1) * 60_000)
    const { status, headers } = await fetchApi('/v1/users/7')
    expect([status, headers.get('age')]).toEqual([200, String((index + 1) * 60)])
    const [line, ...others] = lines as Record<string, string>[]
    expect(line).toEqual({ event: 'unavailable', of: 'log', reason })
    expect(others).toMatchObject([{ event: 'request', status: 200 }])
  }
})
