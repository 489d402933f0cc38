import { beforeEach, expect, it } from 'vitest'
import { routes } from '../../src/routes.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { fetchApi } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const origin = 'https://other.example'

it("another site's page may read the public API and nothing else", async () => {
  const open: string[] = []
  for (const { path, method } of routes) {
    const address = path.replace(':id', '1').replace(':board', 'kb').replace(':metric', 'kb_contributors')
    const preflight = { origin, 'access-control-request-method': method }
    const asked = await fetchApi(address, { method: 'OPTIONS', headers: preflight })
    const got = await fetchApi(address, { method, headers: { origin } })
    const allowed = [asked, got].map(({ headers }) => headers.get('access-control-allow-origin'))
    if (allowed.includes('*')) open.push(path)
    else expect([asked.status, ...allowed], path).toEqual([405, null, null])
    for (const { headers } of [asked, got]) {
      expect(headers.has('access-control-allow-credentials')).toBe(false)
      expect(headers.get('access-control-allow-methods') ?? 'GET, HEAD, OPTIONS').toBe('GET, HEAD, OPTIONS')
      expect(headers.has('set-cookie')).toBe(false)
    }
    await got.body?.cancel()
  }
  const closed = routes.map(({ path }) => path).filter((path) => !open.includes(path))
  expect(closed).toEqual([
    '/v1/webhooks',
    '/v1/deliveries',
    '/v1/log',
    '/v1/audit',
    '/',
    '/community',
    '/users/:id',
    '/status',
    '/docs',
    '/docs/:guide',
    '/problems',
    '/problems/:name',
  ])
})
