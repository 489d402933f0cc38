import { beforeEach, expect, it } from 'vitest'
import { routes } from '../../src/routes.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, post, send } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [aContribution({ user: { id: 1, username: 'ana' } }), aContribution()])
})

/** An address of every public route and page. */
const addresses = routes
  .filter(({ access }) => access === 'public' || access === 'page')
  .map(({ path }) => (path === '/v1/users' ? `${path}?username=ana` : path))
  .map((path) =>
    path
      .replace(':id', '1')
      .replace(':board', 'overall')
      .replace(':metric', 'active_contributors')
      .replace(':name', 'internal')
      .replace(':guide', 'sending'),
  )

const contentOf = async (path: string, headers: Record<string, string>): Promise<unknown> => {
  const response = await fetchApi(path, { headers })
  const headersLeft = [...response.headers].filter(([name]) => name !== 'server-timing')
  return { status: response.status, headersLeft, text: await response.text() }
}

/** Headers by which attackers try to change the answer that a cache stores for everyone. */
const poisons: Record<string, string>[] = [
  { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
  { 'x-forwarded-proto': 'http', 'x-forwarded-scheme': 'nothttps', 'x-forwarded-port': '1' },
  { 'x-original-url': '/v1/log', 'x-rewrite-url': '/v1/log', 'x-http-method-override': 'POST' },
  { cookie: 'session=1', authorization: 'Bearer guess', origin: 'https://evil.example' },
  { 'user-agent': '<script>', referer: 'https://evil.example/', range: 'bytes=0-1', 'cf-connecting-ip': 'x' },
]

it.each(addresses)('%s ignores request headers that are not part of a cache key', async (path) => {
  const plain = await contentOf(path, {})
  expect(plain).toMatchObject({ status: 200 })
  for (const poison of poisons) expect(await contentOf(path, poison), JSON.stringify(poison)).toEqual(plain)
})

it('an answer that depends on Accept or Accept-Language names it in Vary', async () => {
  const dependent: Record<string, string | null> = {}
  for (const path of addresses) {
    const headers = { accept: 'text/csv', 'accept-language': 'de' }
    const [plain, other] = [await fetchApi(path), await fetchApi(path, { headers })]
    if ((await plain.text()) !== (await other.text())) dependent[path] = plain.headers.get('vary')
  }
  expect(dependent).toEqual({
    '/': 'Accept-Language',
    '/community': 'Accept-Language',
    '/docs': 'Accept-Language',
    '/docs/sending': 'Accept-Language',
    '/problems': 'Accept-Language',
    '/problems/internal': 'Accept-Language',
    '/status': 'Accept-Language',
    '/users/1': 'Accept-Language',
    '/v1/leaderboards/overall': 'Accept',
    '/v1/metrics/active_contributors/history': 'Accept',
    '/v1/metrics/active_contributors/users': 'Accept',
    '/v1/volume': 'Accept',
    '/v1/community': 'Accept',
    '/v1/community/cohorts': 'Accept',
    '/v1/responses': 'Accept',
    '/v1/users/1/calendar': 'Accept',
    '/v1/users/1/contributions': 'Accept',
  })
})

it('problems and answers for the operator are never cached', async () => {
  const uncached = [
    await fetchApi('/v1/log', { headers: { authorization: 'Bearer the-operator-token-of-the-tests' } }),
    await fetchApi('/v1/log'),
    await fetchApi('/v1/users/404'),
    await fetchApi('/v1/users/404/card.svg'),
    await fetchApi('/v1/users/1?at_least=99'),
    await fetchApi('/v1/users/1?colour=red'),
    await fetchApi('/nowhere'),
    await fetchApi('/nowhere', { headers: { accept: 'text/html' } }),
    await fetchApi('/v1/webhooks'),
    await post('{}'),
    await post(
      JSON.stringify({
        type: 'content.deleted',
        timestamp: new Date(noon).toISOString(),
        data: { content: { type: 'a', id: 1 } },
      }),
    ),
  ]
  for (const response of uncached) {
    expect(response.headers.get('cache-control'), response.url).toBe('no-store')
    expect(response.headers.has('cloudflare-cdn-cache-control')).toBe(false)
    await response.body?.cancel()
  }
})

it("Cloudflare's cache serves a stale answer for at most an hour while the Worker fails", async () => {
  for (const path of addresses) {
    const { headers } = await fetchApi(path)
    const kept = headers.get('cache-control')
    const ends = kept === 'no-store' ? null : `${kept}, stale-if-error=3600`
    expect(headers.get('cloudflare-cdn-cache-control'), path).toBe(ends)
  }
})
