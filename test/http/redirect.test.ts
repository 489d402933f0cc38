import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { withoutNoise } from '../../src/http/route.ts'
import { isList } from '../../src/http/endpoint.ts'
import { routes } from '../../src/routes.ts'
import { anyQuery } from '../fuzz/support/queries.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, send, token } from '../support/site.ts'

beforeAll(async () => {
  setClock(noon)
  await send('contribution.created', aContribution({ user: { id: 1, username: 'ana' } }))
  setClock(noon + 10_000)
})

const statusOf = async (
  path: string,
  method = 'GET',
): Promise<{ status: number; location: string | null }> => {
  const authorization = `Bearer ${token}`
  const response = await fetchApi(path, { method, redirect: 'manual', headers: { authorization } })
  const { status, headers } = response
  if (![200, 204].includes(status)) expect(headers.get('cache-control')).toBe('no-store')
  await response.body?.cancel()
  return { status, location: headers.get('location') }
}

const found = { status: 200, location: null }
const movedTo = (location: string) => ({ status: 308, location })

/** An address of every read, of every page, and of every list as CSV. */
const addresses = routes
  .filter(({ method }) => method === 'GET')
  .flatMap((route) => (isList(route) ? [route.path, `${route.path}.csv`] : [route.path]))
  .map((path) =>
    path
      .replace(':id', '1')
      .replace(':board', 'overall')
      .replace(':metric', 'active_contributors')
      .replace(':name', 'internal')
      .replace(':guide', 'sending'),
  )

describe.each(addresses)('%s', (path) => {
  const query = path === '/v1/users' ? 'username=ana' : ''
  const address = query === '' ? path : `${path}?${query}`

  it('is the only address of its answer: extra slashes, question marks and ampersands redirect to it', async () => {
    expect(await statusOf(address)).toEqual(found)
    for (const slashes of ['/', '//', '/'.repeat(2000)])
      expect(await statusOf(`${path}${slashes}?${query}`)).toEqual(movedTo(address))
    for (const noise of ['&', '&&', '&'.repeat(2000)])
      for (const noisy of [`${query}${noise}`, `${noise}${query}`, `${noise}${query}${noise}`])
        expect(await statusOf(`${path}?${noisy}`)).toEqual(movedTo(address))
    if (query === '') expect(await statusOf(`${path}?`)).toEqual(movedTo(address))
    expect(await statusOf(`${path}/?${query}`, 'HEAD')).toEqual(movedTo(address))
  })
})

describe('a read of the API', () => {
  it.each([
    ['/v1/leaderboards/k%62', 404],
    ['/v1/%6Ceaderboards/kb', 404],
    ['/V1/leaderboards/kb', 404],
    ['/v1/leaderboards/KB', 404],
    ['/v1//leaderboards/kb', 404],
    ['//v1/leaderboards/kb', 404],
    ['//evil.example/', 404],
    ['/v1/leaderboards/kb?x=1', 400],
    ['/v1/leaderboards/kb?=', 400],
    ['/v1/leaderboards/kb?limit', 400],
    ['/v1/leaderboards/kb?limit=', 400],
    ['/v1/leaderboards/kb?limit=20&limit=20', 400],
    ['/v1/leaderboards/kb?LIMIT=20', 400],
    ['/v1/leaderboards/kb?limit=020', 400],
    ['/v1/leaderboards/kb?limit=+20', 400],
    ['/v1/users/1/calendar?time_zone=europe/BERLIN', 400],
  ])('is not found, or is refused, under another spelling of its address: %s is %i', async (path, status) => {
    expect(await statusOf(path)).toEqual({ status, location: null })
  })

  it.each([
    ['limit=%32%30', 'limit=20'],
    ['%6cimit=20', 'limit=20'],
    ['as_of=2026-11-01T00%3a00%3a00%2b01%3a00', 'as_of=2026-11-01T00%3A00%3A00%2B01%3A00'],
    ['as_of=2026-11-01T00:00:00%2e5Z', 'as_of=2026-11-01T00:00:00.5Z'],
    ['locale=en%2DUS&&limit=20&', 'locale=en-US&limit=20'],
  ])('redirects from an escape that no client needs: %s', async (query, canonical) => {
    expect(await statusOf(`/v1/leaderboards/kb?${query}`)).toEqual(
      movedTo(`/v1/leaderboards/kb?${canonical}`),
    )
    expect(await statusOf(`/v1/leaderboards/kb?${canonical}`)).toEqual(found)
  })

  it.each([
    'limit=20&window=90d',
    'window=90d&limit=20',
    'as_of=2026-11-01T00:00:00Z',
    'as_of=2026-11-01T00%3A00%3A00Z',
    'as_of=2026-11-01T00%3A00%3A00%2B01%3A00',
    'locale=',
  ])('is answered without a redirect in every spelling that clients use: %s', async (query) => {
    expect(await statusOf(`/v1/leaderboards/kb?${query}`)).toEqual(found)
  })

  it('is answered without a redirect in a time zone, with its slash escaped or not', async () => {
    for (const name of ['Europe/Berlin', 'Europe%2FBerlin', 'Etc/GMT%2B1', 'Asia/Calcutta'])
      expect(await statusOf(`/v1/users/1/calendar?time_zone=${name}`)).toEqual(found)
  })

  it('means the same at the address that it redirects to, which redirects no further', () => {
    const piece = fc.constantFrom(
      '%',
      '%4',
      '%41',
      '%2e',
      '%2E',
      '%c3',
      '%25',
      '1',
      'a',
      'G',
      '&',
      '&&',
      '=',
      '+',
      '?',
      '~',
      ':',
    )
    const anySearch = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.webQueryParameters(),
      anyQuery(['limit', 'as_of']).map((pairs) => new URLSearchParams(pairs).toString()),
    )
    fc.assert(
      fc.property(anySearch, (search) => {
        const canonical = withoutNoise(`?${search}`)
        expect([...new URLSearchParams(`?${canonical}`)]).toEqual([...new URLSearchParams(`?${search}`)])
        expect(withoutNoise(`?${canonical}`)).toBe(canonical)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a page', () => {
  it.each([
    ['/?utm_source=mail&utm_medium=link', '/'],
    ['/?anything=1', '/'],
    ['/?board=kb&fbclid=x', '/?board=kb'],
    ['/?board=kb&board=l10n', '/?board=kb'],
    ['/?board=none&window=90d&locale=&search=', '/?board=none&window=90d'],
    ['/?board=none&utm_source=mail', '/?board=none'],
    ['/?lang=xx', '/'],
    ['/community?period=2026-Q3&x=1', '/community?period=2026-Q3'],
    ['/?window=45', '/?window=45d'],
    ['/?%62oard=kb', '/?board=kb'],
    ['/users/1?utm_source=mail', '/users/1'],
    ['/users/1/?window=30d&type=answer&x', '/users/1?window=30d&type=answer'],
    ['/docs?x=1', '/docs'],
    ['/problems?x=1', '/problems'],
    ['/problems/internal?x=1', '/problems/internal'],
  ])('keeps the parameters that it knows of a shared link: %s redirects to %s', async (path, address) => {
    expect(await statusOf(path)).toEqual(movedTo(address))
    expect(await statusOf(address)).toEqual(found)
  })

  it.each([
    '/?board=support-forum&window=all',
    '/?window=30d&board=kb',
    '/?time_zone=Europe/Berlin',
    '/?search=a%20b',
    '/users/1?window=all&ranks=90d&theme=auto',
  ])(
    'is served at every address whose parameters it understands, defaults included and in any order: %s',
    async (path) => {
      expect(await statusOf(path)).toEqual(found)
    },
  )

  it('is reached from any address in at most two redirects', async () => {
    const names =
      'metric range from last interval time_zone locale product board window search around cursor type year ranks theme'
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/', '/users/1'),
        anyQuery(names.split(' ')).map((pairs) => new URLSearchParams(pairs).toString()),
        async (page, query) => {
          let path = `${page}?${query}`
          for (let step = 0; step < 2; step += 1) path = (await statusOf(path)).location ?? path
          expect((await statusOf(path)).status).toBe(200)
        },
      ),
      { numRuns: 60 },
    )
  })
})

it('only GET and HEAD are redirected: POST and DELETE are answered with a trailing slash, and so is a preflight', async () => {
  expect(await statusOf('/v1/webhooks/', 'POST')).toEqual({ status: 401, location: null })
  expect(await statusOf('/v1/users/1/', 'OPTIONS')).toEqual({ status: 204, location: null })
  expect(await statusOf('/v1/users/1/', 'DELETE')).toEqual({ status: 405, location: null })
})
