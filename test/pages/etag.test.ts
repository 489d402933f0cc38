import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { createFetch } from '../../src/http/router.ts'
import { routes } from '../../src/routes.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

const pages = [
  '/',
  '/?board=support-forum&window=all',
  '/?product=firefox',
  '/community',
  '/users/1',
  '/docs',
  '/problems',
]

const tagOf = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  const response = await fetchApi(path, { headers })
  expect([path, response.status]).toEqual([path, 200])
  await response.body?.cancel()
  return response.headers.get('etag') ?? ''
}

const statusWith = async (path: string, tag: string): Promise<number> => {
  const response = await fetchApi(path, { headers: { 'if-none-match': tag } })
  await response.body?.cancel()
  return response.status
}

const anAnswer = (user: Record<string, unknown>) =>
  aContribution({ user, product: 'firefox', occurred_at: new Date(noon - 86_400_000).toISOString() })

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send(
    'contribution.created',
    [1, 2].flatMap((id) => Array.from({ length: 25 }, () => anAnswer({ id, username: `user-${id}` }))),
  )
  setClock(noon + 10_000)
})

it.each(pages)('GET %s returns 304 hours later if nothing has changed', async (path) => {
  const tag = await tagOf(path)
  expect(tag).toMatch(/^W\/"[\w-]+"$/)
  setClock(noon + 3 * 3_600_000)
  expect(await statusWith(path, tag)).toBe(304)
})

it.each([
  ['a count', 'contribution.created', () => anAnswer({ id: 1 })],
  ['a correction', 'contribution.retracted', () => undefined],
  ['a name', 'user.updated', () => ({ id: 1, display_name: 'Ana' })],
])('%s changes the ETags of the pages that show it', async (_, type, make) => {
  const one = anAnswer({ id: 1 })
  await send('contribution.created', one)
  setClock(noon + 20_000)
  const shown = ['/?window=all', '/users/1']
  const tags = await Promise.all(shown.map(async (path) => tagOf(path)))
  await send(type, make() ?? { content: one['content'], reason: 'spam' }, noon + 20_000)
  setClock(noon + 30_000)
  for (const [index, path] of shown.entries())
    expect([path, await statusWith(path, tags[index] ?? '')]).toEqual([path, 200])
})

it("hiding a user changes the ETag of the dashboard, but not of the user's page", async () => {
  const [board, profile] = ['/?window=all', '/users/1']
  const tags = [await tagOf(board), await tagOf(profile)]
  await send('user.updated', { id: 1, is_hidden: true }, noon + 10_000)
  setClock(noon + 20_000)
  expect([await statusWith(board, tags[0] ?? ''), await statusWith(profile, tags[1] ?? '')]).toEqual([
    200, 304,
  ])
})

it("a page's ETag changes at midnight in the page's time zone", async () => {
  const midnight = Date.parse('2026-11-21T00:00:00Z')
  const paths = ['/', '/users/1', '/?time_zone=Asia/Tokyo']
  setClock(midnight - 60_000)
  const tags = await Promise.all(paths.map(async (path) => tagOf(path)))
  setClock(midnight + 60_000)
  const statuses = await Promise.all(paths.map(async (path, index) => statusWith(path, tags[index] ?? '')))
  expect(statuses).toEqual([200, 200, 304])
})

it("a page's ETag depends on the path, the query and the language", async () => {
  const tags = [
    await tagOf('/'),
    await tagOf('/', { 'accept-language': 'de' }),
    await tagOf('/?metric=kb_contributors'),
    await tagOf('/users/1'),
    await tagOf('/users/2'),
    await tagOf('/users/1?theme=dark'),
  ]
  expect(new Set(tags).size).toBe(tags.length)
})

it("a page's ETag changes with the deployment", async () => {
  const fetchPage = createFetch(routes)
  const tagFrom = async (path: string, id: string): Promise<string | null> => {
    const deployed = { ...env, DEPLOYMENT: { ...env.DEPLOYMENT, id } }
    const response = await fetchPage(new Request(`https://perennial.example${path}`), deployed, Date.now())
    expect(response.status, path).toBe(200)
    return response.headers.get('etag')
  }
  for (const path of pages) {
    const tag = await tagFrom(path, 'one')
    expect(tag, path).toMatch(/^W\/"[\w-]+"$/)
    expect(await tagFrom(path, 'one'), path).toBe(tag)
    expect(await tagFrom(path, 'other'), path).not.toBe(tag)
  }
})

it.each(['/docs', '/users/1'])(
  'GET %s explains the placeholder for visitors without JavaScript',
  async (path) => {
    const html = await (await fetchApi(path)).text()
    const notes = [...html.matchAll(/<noscript>(.*?)<\/noscript>/g)].map(([, note]) => note)
    expect(notes.join()).toContain('Replace https://your-perennial.example with this site’s address')
  },
)

it('pages do not depend on the host and scheme of the request', async () => {
  for (const path of [...pages, '/problems/not-found', '/openapi.json', '/v1/users/1/card.svg']) {
    const [first, second] = await Promise.all(
      ['https://stats.example.org', 'http://perennial.account.workers.dev'].map(async (origin) => {
        const response = await fetchApi(path, undefined, origin)
        const headers = [...response.headers].filter(([name]) => name !== 'server-timing')
        return [await response.text(), headers]
      }),
    )
    expect(second, path).toEqual(first)
    expect(JSON.stringify(first), path).not.toMatch(/stats\.example\.org|workers\.dev/)
  }
})
