import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [aContribution({ user: { id: 1, username: 'ana' } }), aContribution()])
})

/** A response as text. Response.text() would warn about the media type of NDJSON. */
const textOf = async (response: Response): Promise<string> =>
  new TextDecoder().decode(await response.arrayBuffer())

const publicReads = [
  '/v1/users?username=ana',
  '/v1/users/1',
  '/v1/users/1/contributions',
  '/v1/leaderboards',
  '/v1/leaderboards/support-forum',
  '/v1/metrics',
  '/v1/metrics/active_contributors',
]

describe.each(publicReads)('GET %s', (path) => {
  it('carries as_of and position', async () => {
    expect(await read(path)).toMatchObject({ as_of: '2026-11-20T12:00:00.000Z', position: 2 })
  })

  it('may be read from any origin and cached for 10 s', async () => {
    const response = await fetchApi(path)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=10, stale-while-revalidate=60')
    expect(response.headers.get('content-type')).toBe('application/json')
    await response.body?.cancel()
  })

  it('keeps its weak ETag while the numbers stay, and answers 304 to it', async () => {
    const first = await fetchApi(path)
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"[\w-]+"$/)
    await first.body?.cancel()
    setClock(noon + 1500)
    for (const given of [tag, tag.slice(2), `"x", ${tag}`, '*']) {
      const again = await fetchApi(path, { headers: { 'if-none-match': given } })
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, ''])
      expect(again.headers.get('cache-control')).toBe('public, max-age=10, stale-while-revalidate=60')
    }
    expect((await fetchApi(path, { headers: { 'if-none-match': 'W/"x"' } })).status).toBe(200)
  })

  it('answers HEAD like GET without a body, and OPTIONS as a preflight', async () => {
    const [get, head] = [await fetchApi(path), await fetchApi(path, { method: 'HEAD' })]
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
    await get.body?.cancel()
    const options = await fetchApi(path, { method: 'OPTIONS', headers: { origin: 'https://a.example' } })
    const { headers } = options
    expect([
      options.status,
      headers.get('access-control-allow-methods'),
      headers.get('cache-control'),
    ]).toEqual([204, 'GET, HEAD, OPTIONS', 'no-store'])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('answers %s with 405 and an Allow header', async (method) => {
    const response = await fetchApi(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await response.json()).toMatchObject({ type: '/problems/method-not-allowed' })
  })

  it('refuses an unknown parameter, even when it is repeated', async () => {
    const separator = path.includes('?') ? '&' : '?'
    for (const [query, parameter] of [
      ['colour=red', 'colour'],
      ['__proto__=1', '__proto__'],
      ['colour=red&colour=red', 'colour'],
    ]) {
      const response = await fetchApi(`${path}${separator}${query}`)
      const problem: Json = await response.json()
      expect([response.status, problem.type, problem.errors[0].parameter]).toEqual([
        400,
        '/problems/invalid-parameter',
        parameter,
      ])
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })
})

it.each(publicReads.filter((path) => path !== '/v1/leaderboards'))(
  'GET %s changes its ETag with its numbers',
  async (path) => {
    const first = await fetchApi(path)
    const tag = first.headers.get('etag') ?? ''
    await first.body?.cancel()
    await send('contribution.created', aContribution({ user: { id: 2, username: 'ANA' } }))
    await send('contribution.created', aContribution({ user: { id: 1 } }))
    setClock(noon + 3000)
    const changed = await fetchApi(path, { headers: { 'if-none-match': tag } })
    expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false])
    await changed.body?.cancel()
  },
)

describe('a page of a list with a next page', () => {
  const list = '/v1/users/1/contributions?limit=2'
  const board = '/v1/leaderboards/support-forum?limit=1'
  const csv = { accept: 'text/csv' }

  /** The path and format of a page, and a contribution that changes only a later page. */
  const grown: [string, Record<string, string>, Record<string, unknown>][] = [
    [list, {}, { user: { id: 1 }, occurred_at: '2026-01-01T00:00:00Z' }],
    [list, csv, { user: { id: 1 }, occurred_at: '2026-01-01T00:00:00Z' }],
    [`${list}&as_of=2026-11-20T12:00:00Z`, {}, { user: { id: 1 }, occurred_at: '2026-01-01T00:00:00Z' }],
    [board, {}, { user: { id: 2 } }],
    [board, csv, { user: { id: 2 } }],
    [`${board}&window=12d`, {}, { user: { id: 2 } }],
    [`${board}&as_of=2026-11-20T12:00:00Z`, {}, { user: { id: 2 } }],
  ]

  beforeEach(async () => {
    await send('contribution.created', [
      ...[1, 2, 3].map(() => aContribution({ user: { id: 1 } })),
      aContribution({ user: { id: 2 } }),
      aContribution({ user: { id: 3 } }),
    ])
    setClock(noon + 3000)
  })

  it.each(grown)(
    'changes its ETag when an item on a later page changes: %s %j',
    async (path, accept, added) => {
      const first = await fetchApi(path, { headers: accept })
      const tag = first.headers.get('etag') ?? ''
      await first.body?.cancel()
      const headers = { ...accept, 'if-none-match': tag }
      setClock(noon + 6000)
      const same = await fetchApi(path, { headers })
      expect([same.status, same.headers.get('etag')]).toEqual([304, tag])
      await send('contribution.created', aContribution(added))
      setClock(noon + 9000)
      const changed = await fetchApi(path, { headers })
      expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false])
      await changed.body?.cancel()
    },
  )

  it('has another ETag while it has a next page, and the old one once it has none', async () => {
    const only = '/v1/users/2/contributions?limit=1'
    const tagOf = async (): Promise<string> => {
      const response = await fetchApi(only)
      await response.body?.cancel()
      return response.headers.get('etag') ?? ''
    }
    const alone = await tagOf()
    const older = aContribution({ user: { id: 2 }, occurred_at: '2026-01-01T00:00:00Z' })
    await send('contribution.created', older)
    setClock(noon + 6000)
    const followed = await tagOf()
    expect(followed).not.toBe(alone)
    await send('contribution.retracted', { content: older['content'], reason: 'spam' })
    setClock(noon + 9000)
    expect(await tagOf()).toBe(alone)
  })

  it('leads to pages at its own position, which add up to one list', async () => {
    const first = await read(list)
    await send(
      'contribution.created',
      aContribution({ user: { id: 1 }, occurred_at: '2026-01-01T00:00:00Z' }),
    )
    setClock(noon + 6000)
    const pages: Json[] = [first]
    for (let { next_cursor: cursor } = first; cursor !== null;) {
      const next = await read(`${list}&cursor=${cursor}`)
      pages.push(next)
      cursor = next.next_cursor
    }
    expect(pages.map(({ position, contributions }) => [position, contributions.length])).toEqual([
      [first.position, 2],
      [first.position, 2],
      [first.position, 1],
    ])
  })
})

describe('a read with an invalid parameter', () => {
  it.each([
    ['/v1/users', 'username'],
    ['/v1/users?username=', 'username'],
    ['/v1/users/1?as_of=yesterday', 'as_of'],
    ['/v1/users/1?as_of=2026-11-20T12:00:00.001Z', 'as_of'],
    ['/v1/users/1?at_least=-1', 'at_least'],
    ['/v1/users/1?at_least=1e3', 'at_least'],
    ['/v1/users/1/contributions?type=like', 'type'],
    ['/v1/users/1/contributions?limit=1001', 'limit'],
    ['/v1/users/1/contributions?cursor=abc', 'cursor'],
    ['/v1/leaderboards/kb?window=0d', 'window'],
    ['/v1/leaderboards/kb?window=3661d', 'window'],
    ['/v1/leaderboards/kb?window=13x', 'window'],
    ['/v1/leaderboards/kb?window=07d', 'window'],
    ['/v1/leaderboards/kb?window=', 'window'],
    ['/v1/leaderboards/kb?limit=0', 'limit'],
    ['/v1/leaderboards/kb?limit=101', 'limit'],
    ['/v1/leaderboards/kb?limit=ten', 'limit'],
    ['/v1/leaderboards/kb?locale=en_US', 'locale'],
    ['/v1/leaderboards/kb?product=Firefox', 'product'],
    ['/v1/users/1?as_of=0000-01-01T00:00:00%2B23:59', 'as_of'],
    ['/v1/users/1/calendar?time_zone=PST', 'time_zone'],
    ['/v1/users/1/calendar?time_zone=IST', 'time_zone'],
    ['/v1/users/1/calendar?to=0000-06-01', 'from'],
    ['/v1/users/1/calendar?from=9999-12-31', 'from'],
    ['/v1/metrics/kb_contributors/history?to=0000-02-01', 'from'],
    ['/v1/metrics/kb_contributors?min=0', 'min'],
    ['/v1/metrics/kb_contributors?min=1.5', 'min'],
  ])('%s is refused with 400, naming %s', async (path, parameter) => {
    const response = await fetchApi(path)
    const problem: Json = await response.json()
    expect([response.status, problem.errors.map((error: Json) => error.parameter)]).toEqual([
      400,
      [parameter],
    ])
    expect(problem.detail).toMatch(/Cannot/)
  })

  it('quotes the value that it refuses', async () => {
    const problem: Json = await (await fetchApi('/v1/leaderboards/kb?window=13x')).json()
    expect(problem.errors).toEqual([
      { parameter: 'window', detail: 'Cannot use "13x": use "1d" to "3660d", or "all"' },
    ])
  })
})

it('a window starts no earlier than RFC 3339 can express', async () => {
  const { window } = await read('/v1/leaderboards/kb?as_of=0001-01-01T00:00:00Z&window=3660d')
  expect(window.from).toBe('0000-01-01T00:00:00.000Z')
})

describe('an unknown address or resource', () => {
  it.each([
    '/nowhere',
    '/v1',
    '/v1/users/007',
    '/v1/users/0',
    '/v1/users/-1',
    '/v1/users/1.0',
    '/v1/users/ana',
    '/v1/users/9007199254740992',
    '/v1/users/99999999999999999999',
    '/v1/users/2',
    '/v1/users/2/contributions',
    '/v1/users/007/contributions',
    '/v1/leaderboards/nobody',
    '/v1/leaderboards/constructor',
    '/v1/metrics/nothing',
  ])('is 404 and not cached: %s', async (path) => {
    const response = await fetchApi(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
    await response.body?.cancel()
  })
})

it('an erased user is answered word for word like one who never existed', async () => {
  await send('user.erased', { id: 1 })
  setClock(noon + 6000)
  for (const page of ['', '/contributions', '/calendar', '/card.svg', '/badge.json']) {
    const [erased, never] = await Promise.all([
      fetchApi(`/v1/users/1${page}`),
      fetchApi(`/v1/users/404${page}`),
    ])
    expect([erased.status, never.status], page).toEqual([404, 404])
    expect(await erased.text()).toBe(await never.text())
  }
})

describe('a read as of a past instant', () => {
  it.each(['/v1/users/1', '/v1/users/1/contributions', '/v1/leaderboards/kb', '/v1/metrics/kb_contributors'])(
    'may be cached for 5 minutes: %s',
    async (path) => {
      const response = await fetchApi(`${path}?as_of=2026-11-20T13:00:00%2B01:00`)
      expect(response.headers.get('cache-control')).toBe('public, max-age=300')
      expect(await response.json()).toMatchObject({ as_of: '2026-11-20T12:00:00.000Z' })
    },
  )
})

describe('GET /v1/log', () => {
  const token = { authorization: 'Bearer the-operator-token-of-the-tests' }

  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer the-operator-token-of-the-testz' }],
    ['a shorter token', { authorization: 'Bearer the' }],
    ['another scheme', { authorization: 'Basic the-operator-token-of-the-tests' }],
  ])('returns 401 to a caller who sends %s', async (_, headers: Record<string, string>) => {
    const response = await fetchApi('/v1/log', { headers })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(await response.json()).toMatchObject({ type: '/problems/unauthorized' })
  })

  it('checks the token before anything else', async () => {
    expect((await fetchApi('/v1/log?limit=abc')).status).toBe(401)
    expect((await fetchApi('/v1/log?limit=abc', { headers: token })).status).toBe(400)
  })

  it('streams the log as NDJSON, both entries of a reversal with its reason', async () => {
    const content = { type: 'questions.answer', id: 'later' }
    const parent = { type: 'questions.question', id: 'q' }
    await send(
      'contribution.created',
      aContribution({ content, parent, locale: 'de', product: 'firefox', self: true, user: { id: 3 } }),
    )
    await send('contribution.retracted', { content, reason: 'spam' })
    const response = await fetchApi('/v1/log?after=2', { headers: token })
    expect([response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      'application/x-ndjson; charset=utf-8',
      'no-store',
    ])
    const rows = (await textOf(response))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const facts = {
      type: 'answer',
      user: { id: 3 },
      occurred_at: '2026-11-20T11:59:00.000Z',
      content,
      parent,
    }
    const rest = { locale: 'de', product: 'firefox', self: true, recorded_at: '2026-11-20T12:00:00.000Z' }
    expect(rows).toEqual([
      { position: 3, delta: 1, ...facts, ...rest, reason: null },
      { position: 4, delta: -1, ...facts, ...rest, reason: 'spam' },
    ])
  })

  it('streams a log of any length, in pages that follow each other', async () => {
    for (let batch = 0; batch < 3; batch += 1) {
      await send(
        'contribution.created',
        Array.from({ length: 1000 }, () => aContribution()),
      )
    }
    const positions = async (query: string): Promise<number[]> => {
      const text = await textOf(await fetchApi(`/v1/log${query}`, { headers: token }))
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).position]))
    }
    expect(await positions('?limit=10000')).toEqual(Array.from({ length: 3002 }, (_, index) => index + 1))
    expect(await positions('?limit=1500&after=1000')).toEqual(
      Array.from({ length: 1500 }, (_, index) => index + 1001),
    )
    expect(await positions('?after=3002')).toEqual([])
  })
})

it('Server-Timing says how the time of an answer was spent', async () => {
  const timing = async (path: string): Promise<string[]> => {
    const response = await fetchApi(path)
    await response.body?.cancel()
    return (response.headers.get('server-timing') ?? '')
      .split(', ')
      .map((part) => part.replace(/;dur=\d+(\.\d+)?$/, ''))
  }
  expect(await timing('/v1/users/1')).toEqual(['object', 'render'])
  expect(await timing('/v1/leaderboards/kb')).toEqual(['object', 'render'])
  expect(await timing('/healthz')).toEqual(['log', 'render'])
})

it('/healthz and /v1/status are never cached', async () => {
  for (const path of ['/healthz', '/v1/status']) {
    const response = await fetchApi(path)
    expect(response.headers.get('cache-control')).toBe('no-store')
    await response.body?.cancel()
  }
  expect(await read('/healthz')).toEqual({ status: 'ok', position: 2 })
  expect(await read('/v1/status')).toMatchObject({
    position: 2,
    events: 2,
    contributions: 2,
    first_event_at: '2026-11-20T11:59:00.000Z',
    last_event_at: '2026-11-20T11:59:00.000Z',
  })
})
