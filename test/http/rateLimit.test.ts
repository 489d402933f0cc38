import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { networkOf } from '../../src/http/rateLimit.ts'
import { createFetch } from '../../src/http/router.ts'
import { routes } from '../../src/routes.ts'
import { freshLog } from '../support/freshLog.ts'
import { noon, setClock } from '../support/clock.ts'
import { sign } from '../support/site.ts'
import wranglerToml from '../../wrangler.toml?raw'

/** The limit per minute in wrangler.toml. */
const limitOf = (name: string): number => {
  const found = new RegExp(`name = "${name}".*\\n.*\\nsimple = \\{ limit = (\\d+), period = 60 \\}`).exec(
    wranglerToml,
  )
  return Number(found?.[1])
}

/** How many requests of a limit are left to a network in these tests. */
const left = 5

/** A limiter whose minute never ends, with all but five requests used up. */
const aLimiter = (name: string): RateLimit => {
  const counts = new Map<string, number>()
  return {
    limit: async ({ key }) => {
      const count = (counts.get(key) ?? limitOf(name) - left) + 1
      counts.set(key, count)
      return { success: count <= limitOf(name) }
    },
  }
}

/** An environment with unused limiters, with the limits of wrangler.toml. */
const limiters = () => ({
  ...env,
  RATE_LIMITS: 'on',
  READ_LIMIT: aLimiter('READ_LIMIT'),
  SCAN_LIMIT: aLimiter('SCAN_LIMIT'),
  SIGNATURE_LIMIT: aLimiter('SIGNATURE_LIMIT'),
  OPERATOR_LIMIT: aLimiter('OPERATOR_LIMIT'),
})

let limited: Env = limiters()

let networks = 0

/** A new network, so that no test uses up another's limit. */
const aNetwork = (): string => `198.51.${Math.floor((networks += 1) / 250)}.${networks % 250}`

const answer = createFetch(routes)

const fetchApi = async (path: string, network: string, init: RequestInit = {}): Promise<Response> => {
  const headers = { ...(init.headers as Record<string, string>), 'cf-connecting-ip': network }
  return answer(new Request(`https://perennial.example${path}`, { ...init, headers }), limited, noon)
}

/** How many requests a new network may send before it is limited. */
const allowed = async (
  request: (network: string) => Promise<Response>,
): Promise<{ count: number; refusal: Response }> => {
  const network = aNetwork()
  for (let count = 0; ; count += 1) {
    const response = await request(network)
    if (response.status === 429) return { count, refusal: response }
    await response.body?.cancel()
  }
}

const badWebhook = (): RequestInit => ({
  method: 'POST',
  body: '{}',
  headers: { ...sign('{"other":1}', noon), 'content-type': 'application/json' },
})

beforeEach(async () => {
  setClock(noon)
  limited = limiters()
  await freshLog()
})

it("the platform's limiter blocks one network and not another", async () => {
  limited = { ...env, RATE_LIMITS: 'on' }
  // Its minute follows the machine's clock, and may end in between.
  const { count } = await allowed(async (network) => fetchApi('/v1/webhooks', network, badWebhook()))
  expect(count).toBeGreaterThanOrEqual(limitOf('SIGNATURE_LIMIT'))
  expect((await fetchApi('/v1/webhooks', aNetwork(), badWebhook())).status).toBe(401)
})

describe('a network may send as many requests a minute as wrangler.toml says', () => {
  it.each([
    ['READ_LIMIT', '/healthz', {}],
    ['SCAN_LIMIT', '/v1/leaderboards/overall?window=12d', {}],
    ['SCAN_LIMIT', '/v1/metrics/kb_contributors/history', {}],
    ['SIGNATURE_LIMIT', '/v1/webhooks', badWebhook()],
    ['OPERATOR_LIMIT', '/v1/log', { headers: { authorization: 'Bearer a-guess' } }],
    ['OPERATOR_LIMIT', '/v1/log', { headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } }],
  ])('%s limits %s', async (name, path, init) => {
    expect(limitOf(name)).toBeGreaterThan(left)
    const { count, refusal } = await allowed(async (network) => fetchApi(path, network, init))
    expect(count).toBe(left)
    expect(refusal.headers.get('content-type')).toBe('application/problem+json')
    expect(refusal.headers.get('retry-after')).toBe('60')
    expect(refusal.headers.get('cache-control')).toBe('no-store')
    expect(await refusal.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 })
  })
})

it('a limited network blocks neither another network nor its own signed webhooks', async () => {
  let network = ''
  await allowed(async (used) => {
    network = used
    return fetchApi('/v1/webhooks', used, badWebhook())
  })
  const body = JSON.stringify({
    type: 'content.deleted',
    timestamp: new Date(noon).toISOString(),
    data: { content: { type: 'a', id: '1' } },
  })
  const signed = { method: 'POST', body, headers: sign(body, noon) }
  expect((await fetchApi('/v1/webhooks', network, signed)).status).toBe(200)
  expect((await fetchApi('/v1/webhooks', aNetwork(), badWebhook())).status).toBe(401)
})

describe('a limiter that fails', () => {
  const network = '198.51.100.7'
  const failing = [
    { limit: () => Promise.reject(new Error(`No answer for ${network}`)) },
    {
      limit: () => {
        throw new Error(`No limiter for ${network}`)
      },
    },
    undefined,
  ]

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['READ_LIMIT', 'reads', '/healthz', {}, 200],
    ['SCAN_LIMIT', 'scans', '/v1/leaderboards/overall?window=12d', {}, 200],
    ['SCAN_LIMIT', 'scans', '/v1/metrics/kb_contributors/history', {}, 200],
    ['SIGNATURE_LIMIT', 'failed signatures', '/v1/webhooks', badWebhook(), 401],
    ['OPERATOR_LIMIT', 'operator attempts', '/v1/log', { headers: { authorization: 'Bearer a-guess' } }, 401],
    [
      'OPERATOR_LIMIT',
      'operator attempts',
      '/v1/log',
      { headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } },
      200,
    ],
  ])('lets every request through and logs the failure without the network: %s, %s', async (...row) => {
    const [name, counted, path, init, status] = row
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    for (const limiter of failing) {
      const broken = { ...limited, [name]: limiter }
      const request = new Request(`https://perennial.example${path}`, init)
      request.headers.set('cf-connecting-ip', network)
      const response = await answer(request, broken, noon)
      expect(response.status).toBe(status)
      await response.body?.cancel()
      const line = JSON.stringify({ event: 'rate limiter failed', limited: counted })
      expect(logged.mock.calls).toEqual([[line]])
      logged.mockClear()
    }
  })
})

it('a network is an IPv4 address or the first 64 bits of an IPv6 address', () => {
  const of = (address: string): string => networkOf(new Headers({ 'cf-connecting-ip': address }))
  expect(of('2001:db8:1:2::1')).toBe(of('2001:db8:1:2:ffff:ffff:ffff:ffff'))
  expect(of('2001:db8:1:2::1')).not.toBe(of('2001:db8:1:3::1'))
  expect(of('192.0.2.1')).not.toBe(of('192.0.2.2'))
  expect(of('no address')).toBe(networkOf(new Headers()))
  expect(of(`${'1'.repeat(45)}1`)).toBe(networkOf(new Headers()))
})
