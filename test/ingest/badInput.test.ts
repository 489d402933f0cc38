import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, fetchApi, post, secret, sign, type Json } from '../support/site.ts'

beforeEach(() => setClock(noon))

const timestamp = new Date(noon).toISOString()

/** Every row that a message could have written. */
const everything = async (): Promise<unknown> => {
  const tables = ['events', 'corrections', 'users', 'coverage', 'log']
  const results = await env.DB.batch(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)))
  return results.map(({ results: rows }) => rows)
}

const expectProblem = async (response: Response, status: number, problem: string): Promise<Json> => {
  const answer: Json = await response.json()
  expect([response.status, answer.type]).toEqual([status, `/problems/${problem}`])
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(answer.status).toBe(status)
  return answer
}

const created = (fields: Record<string, unknown>): string =>
  JSON.stringify({ type: 'contribution.created', timestamp, data: aContribution(fields) })

const message = (type: string, data: unknown): string => JSON.stringify({ type, timestamp, data })

/** Puts raw JSON in the place of a value. */
const raw = (fields: Record<string, unknown>, text: string): string => created(fields).replace('"RAW"', text)

const long = (length: number): string => 'x'.repeat(length)
const about = { type: 'questions.answer', id: '1' }

/** Posts a signed body that is no text. */
const postBytes = async (body: Uint8Array<ArrayBuffer>): Promise<Response> => {
  const at = String(noon / 1000)
  const key = Uint8Array.fromBase64(secret.slice(6))
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const prefix = new TextEncoder().encode(`msg_bytes.${at}.`)
  const signature = await crypto.subtle.sign('HMAC', hmac, new Uint8Array([...prefix, ...body]))
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'msg_bytes',
    'webhook-timestamp': at,
    'webhook-signature': `v1,${new Uint8Array(signature).toBase64()}`,
  }
  return await fetchApi('/v1/webhooks', { method: 'POST', body, headers })
}

describe('an invalid message', () => {
  const cases: [string, string, ...string[]][] = [
    ['null', 'null', ''],
    ['a string', '"hello"', ''],
    ['an array', '[]', ''],
    ['no type', JSON.stringify({ timestamp, data: {} }), '/type'],
    ['an unknown type', message('contribution.liked', {}), '/type'],
    ['a type that objects inherit', message('constructor', {}), '/type'],
    ['no timestamp', JSON.stringify({ type: 'content.deleted', data: { content: about } }), '/timestamp'],
    [
      'a timestamp that is a number',
      JSON.stringify({ type: 'content.deleted', timestamp: noon, data: { content: about } }),
      '/timestamp',
    ],
    [
      'a timestamp without an offset',
      JSON.stringify({ type: 'content.deleted', timestamp: '2026-11-20T12:00:00', data: { content: about } }),
      '/timestamp',
    ],
    [
      'a timestamp more than 5 minutes ahead',
      JSON.stringify({
        type: 'content.deleted',
        timestamp: new Date(noon + 300_001).toISOString(),
        data: { content: about },
      }),
      '/timestamp',
    ],
    ['no data', JSON.stringify({ type: 'contribution.created', timestamp }), '/data'],
    ['data that is null', message('contribution.created', null), '/data'],
    ['data that is a number', message('contribution.created', 7), '/data'],
    ['an empty array', message('contribution.created', []), '/data'],
    [
      '1,001 items',
      message(
        'contribution.created',
        Array.from({ length: 1001 }, () => aContribution()),
      ),
      '/data',
    ],
    ['an item that is null', message('contribution.created', [aContribution(), null]), '/data/1'],
    [
      'nothing in an item',
      message('contribution.created', {}),
      '/data/type',
      '/data/user',
      '/data/occurred_at',
      '/data/content',
    ],
    ['an unknown contribution type', created({ type: 'like' }), '/data/type'],
    ['a contribution type that is an array', created({ type: ['answer'] }), '/data/type'],
    ['a user that is a number', created({ user: 1 }), '/data/user'],
    ['a user without an id', created({ user: {} }), '/data/user/id'],
    ['user 0', created({ user: { id: 0 } }), '/data/user/id'],
    ['a negative user', created({ user: { id: -1 } }), '/data/user/id'],
    ['user 1.5', created({ user: { id: 1.5 } }), '/data/user/id'],
    ['user 2^53', raw({ user: { id: 'RAW' } }, '9007199254740992'), '/data/user/id'],
    ['user 1e400', raw({ user: { id: 'RAW' } }, '1e400'), '/data/user/id'],
    ['a user id that is a string', created({ user: { id: '1' } }), '/data/user/id'],
    ['an empty username', created({ user: { id: 1, username: '' } }), '/data/user/username'],
    [
      'a username of 255 characters',
      created({ user: { id: 1, username: long(255) } }),
      '/data/user/username',
    ],
    ['a username with a line break', created({ user: { id: 1, username: 'a\nb' } }), '/data/user/username'],
    [
      'a username with a C1 control character',
      created({ user: { id: 1, username: 'a\u0085b' } }),
      '/data/user/username',
    ],
    [
      'a username with a lone surrogate',
      raw({ user: { id: 1, username: 'RAW' } }, '"a\\ud800b"'),
      '/data/user/username',
    ],
    [
      'an avatar that is not https',
      created({ user: { id: 1, avatar_url: 'http://a.example/x.png' } }),
      '/data/user/avatar_url',
    ],
    ['an avatar of a word', created({ user: { id: 1, avatar_url: 'https:x' } }), '/data/user/avatar_url'],
    [
      'an avatar after a space',
      created({ user: { id: 1, avatar_url: ' https://x.example/' } }),
      '/data/user/avatar_url',
    ],
    [
      'an avatar with a quote',
      created({ user: { id: 1, avatar_url: 'https://x.example/"><b>' } }),
      '/data/user/avatar_url',
    ],
    [
      'an avatar that is script',
      created({ user: { id: 1, avatar_url: 'javascript:alert(1)' } }),
      '/data/user/avatar_url',
    ],
    [
      'an avatar of 2,049 characters',
      created({ user: { id: 1, avatar_url: `https://a.example/${long(2031)}` } }),
      '/data/user/avatar_url',
    ],
    ['an impossible day', created({ occurred_at: '2026-02-30T00:00:00Z' }), '/data/occurred_at'],
    ['hour 24', created({ occurred_at: '2026-02-01T24:00:00Z' }), '/data/occurred_at'],
    ['a date alone', created({ occurred_at: '2026-02-01' }), '/data/occurred_at'],
    ['an instant before 2000', created({ occurred_at: '1999-12-31T23:59:59.999Z' }), '/data/occurred_at'],
    [
      'an instant before 2000 by its offset',
      created({ occurred_at: '2000-01-01T00:59:59+01:00' }),
      '/data/occurred_at',
    ],
    [
      'an instant more than 5 minutes ahead',
      created({ occurred_at: new Date(noon + 300_001).toISOString() }),
      '/data/occurred_at',
    ],
    ['content without an id', created({ content: { type: 'a' } }), '/data/content/id'],
    ['content without a type', created({ content: { id: '1' } }), '/data/content/type'],
    [
      'content whose type has capitals',
      created({ content: { type: 'Answer', id: '1' } }),
      '/data/content/type',
    ],
    [
      'content whose type has 65 characters',
      created({ content: { type: long(65), id: '1' } }),
      '/data/content/type',
    ],
    ['content with an empty id', created({ content: { type: 'a', id: '' } }), '/data/content/id'],
    [
      'content with an id of 129 characters',
      created({ content: { type: 'a', id: long(129) } }),
      '/data/content/id',
    ],
    ['content with id -1', created({ content: { type: 'a', id: -1 } }), '/data/content/id'],
    ['content with id 0.5', created({ content: { type: 'a', id: 0.5 } }), '/data/content/id'],
    ['content with id true', created({ content: { type: 'a', id: true } }), '/data/content/id'],
    ['content with a NUL in its id', created({ content: { type: 'a', id: 'a\u0000' } }), '/data/content/id'],
    ['a parent without an id', created({ parent: { type: 'a' } }), '/data/parent/id'],
    ['a parent that is a string', created({ parent: 'x' }), '/data/parent'],
    ['a locale with an underscore', created({ locale: 'en_US' }), '/data/locale'],
    [
      'a locale of 36 characters',
      created({ locale: 'en-aaaaaaaa-bbbbbbbb-cccccccc-ddddddd' }),
      '/data/locale',
    ],
    ['a product with capitals', created({ product: 'Firefox' }), '/data/product'],
    ['a product of 65 characters', created({ product: long(65) }), '/data/product'],
    ['self that is 1', created({ self: 1 }), '/data/self'],
    ['spam that is a string', created({ spam: 'yes' }), '/data/spam'],
    [
      'values nested a thousand deep',
      raw({ user: 'RAW' }, `${'['.repeat(1000)}${']'.repeat(1000)}`),
      '/data/user',
    ],
    [
      'values nested half a million deep',
      raw({ user: 'RAW' }, `${'['.repeat(500_000)}${']'.repeat(500_000)}`),
      '/data/user',
    ],
    ['a retraction without a reason', message('contribution.retracted', { content: about }), '/data/reason'],
    [
      'a retraction for an unknown reason',
      message('contribution.retracted', { content: about, reason: 'boredom' }),
      '/data/reason',
    ],
    [
      'a restoration of an unknown type',
      message('contribution.restored', { content: about, type: 'like' }),
      '/data/type',
    ],
    [
      'an amendment that sets nothing',
      message('contribution.amended', { content: about, set: {} }),
      '/data/set',
    ],
    [
      'an amendment without set',
      message('contribution.amended', { content: about, locale: 'de' }),
      '/data/set',
    ],
    [
      'an amendment of an unknown field alone',
      message('contribution.amended', { content: about, set: { lokale: 'de' } }),
      '/data/set',
    ],
    [
      'an amendment of what cannot be amended',
      message('contribution.amended', [
        { content: about, set: { locale: 'de' } },
        { content: about, set: { type: 'answer', content: about, occurred_at: timestamp, self: true } },
      ]),
      '/data/1/set/type',
      '/data/1/set/content',
      '/data/1/set/occurred_at',
    ],
    [
      'an amendment to no user',
      message('contribution.amended', { content: about, set: { user: null } }),
      '/data/set/user',
    ],
    [
      'an amendment with bad values',
      message('contribution.amended', {
        content: about,
        type: 'like',
        set: { user: { id: 0 }, locale: '', product: 'A', parent: { type: 'q' }, self: 1 },
      }),
      '/data/type',
      '/data/set/user/id',
      '/data/set/locale',
      '/data/set/product',
      '/data/set/parent/id',
      '/data/set/self',
    ],
    ['an undeletion of nothing', message('content.undeleted', {}), '/data/content'],
    ['groups that are text', message('user.updated', { id: 1, groups: 'staff' }), '/data/groups'],
    [
      'a group with a bad name',
      message('user.updated', { id: 1, groups: ['staff', 'Staff', ''] }),
      '/data/groups/1',
      '/data/groups/2',
    ],
    [
      '51 groups',
      message('user.updated', { id: 1, groups: Array.from({ length: 51 }, (_, index) => `g${index}`) }),
      '/data/groups',
    ],
    [
      'a bad title and a bad address',
      message(
        'contribution.created',
        aContribution({ content: { ...about, title: '', url: 'http://a.example' } }),
      ),
      '/data/content/title',
      '/data/content/url',
    ],
    ['a deletion of nothing', message('content.deleted', {}), '/data/content'],
    ['a user update without an id', message('user.updated', { username: 'a' }), '/data/id'],
    ['a flag that is a string', message('user.updated', { id: 1, is_active: 'no' }), '/data/is_active'],
    [
      'a path with what JSON Pointer escapes',
      message('user.updated', [{ id: 1 }, { id: 'a/b~c' }]),
      '/data/1/id',
    ],
  ]

  it.each(cases)(
    'is refused with a pointer to its fault, and nothing is written: %s',
    async (_, body, ...pointers) => {
      const before = await everything()
      const answer = await expectProblem(await post(body), 422, 'invalid-message')
      expect(answer.errors.map(({ pointer }: Json) => pointer)).toEqual(pointers)
      for (const { detail } of answer.errors)
        expect(detail).toMatch(/^(Cannot use .+|Missing): (use|it is) /s)
      expect(await everything()).toEqual(before)
    },
  )

  it('quotes every digit of an integer that JSON numbers would round', async () => {
    const response = await post(raw({ user: { id: 'RAW' } }, '9007199254740993'))
    const { errors }: Json = await response.json()
    expect([response.status, errors]).toEqual([
      422,
      [
        {
          pointer: '/data/user/id',
          detail: 'Cannot use 9007199254740993: use an integer from 1 to 9007199254740991',
        },
      ],
    ])
  })

  it('is refused with a pointer to every bad item of its batch, of which nothing is recorded', async () => {
    const before = await everything()
    const items = Array.from({ length: 1000 }, (_, index) =>
      aContribution(index % 2 === 0 ? {} : { user: { id: 0 }, type: 'like' }),
    )
    const answer = await expectProblem(
      await post(message('contribution.created', items)),
      422,
      'invalid-message',
    )
    expect(answer.errors).toHaveLength(1000)
    expect(answer.errors.at(-1).pointer).toBe('/data/999/user/id')
    expect(await everything()).toEqual(before)
  })
})

describe('a webhook request', () => {
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values)

  it.each([
    ['an empty body', ''],
    ['half an object', '{"type":'],
    ['a trailing comma', '{"type":"content.deleted",}'],
    ['NaN', '{"type":NaN}'],
    ['two values', '{} {}'],
  ])('is malformed JSON if its body is %s', async (_, body) => {
    await expectProblem(await post(body), 400, 'malformed-json')
  })

  it.each([
    ['a lone continuation byte', bytes(0x22, 0x80, 0x22)],
    ['an encoded surrogate', bytes(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
  ])('is malformed JSON if its body is not UTF-8, but %s', async (_, body) => {
    await expectProblem(await postBytes(body), 400, 'malformed-json')
  })

  it('does not change how the next one is decoded', async () => {
    const body = new TextEncoder().encode(created({}))
    const unfinished = bytes(...body, 0xe2, 0x82) // the beginning of a character
    const marked = bytes(0xef, 0xbb, 0xbf, ...body) // a byte order mark, which is ignored
    const statuses = []
    for (const each of [unfinished, body, marked, marked]) statuses.push((await postBytes(each)).status)
    expect(statuses).toEqual([400, 200, 200, 200])
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
    '',
  ])('is refused with the media type "%s"', async (type) => {
    const body = created({})
    const headers = { ...sign(body), 'content-type': type }
    await expectProblem(
      await fetchApi('/v1/webhooks', { method: 'POST', body, headers }),
      415,
      'unsupported-media-type',
    )
  })

  it.each([
    'application/json;',
    'application/json; charset=utf-8; profile=x',
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('is accepted with the media type %s', async (type) => {
    const body = created({})
    const response = await fetchApi('/v1/webhooks', {
      method: 'POST',
      body,
      headers: { ...sign(body), 'content-type': type },
    })
    expect(response.status).toBe(200)
    await response.body?.cancel()
  })

  it('may have a body of at most 1 MiB, not a byte more, whether or not its length is declared', async () => {
    const text = created({ padding: 'PAD' })
    const exactly = text.replace('PAD', long(1_048_576 - text.length + 3))
    expect((await post(exactly)).status).toBe(200)
    await expectProblem(await post(`${exactly} `), 413, 'payload-too-large')
    for (const undeclared of [{}, { 'content-length': '' }]) {
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      })
      const request = { method: 'POST', body: endless, headers: { ...sign(''), ...undeclared } }
      await expectProblem(await fetchApi('/v1/webhooks', request), 413, 'payload-too-large')
    }
  })

  it('is refused for the first of its problems: method, size, signature, media type, JSON, message', async () => {
    const large = long(1_048_577)
    const unsigned = { 'content-type': 'text/plain' }
    await expectProblem(
      await fetchApi('/v1/webhooks', { method: 'PUT', body: large, headers: unsigned }),
      405,
      'method-not-allowed',
    )
    await expectProblem(
      await fetchApi('/v1/webhooks', { method: 'POST', body: large, headers: unsigned }),
      413,
      'payload-too-large',
    )
    await expectProblem(
      await fetchApi('/v1/webhooks', { method: 'POST', body: '{', headers: unsigned }),
      401,
      'invalid-signature',
    )
    const signed = { ...sign('{'), 'content-type': 'text/plain' }
    await expectProblem(
      await fetchApi('/v1/webhooks', { method: 'POST', body: '{', headers: signed }),
      415,
      'unsupported-media-type',
    )
    await expectProblem(await post('{'), 400, 'malformed-json')
  })
})

describe('an odd but valid message', () => {
  const accept = async (body: string): Promise<Json> => {
    const response = await post(body)
    const answer: Json = await response.json()
    expect([response.status, answer.recorded]).toEqual([200, 1])
    return answer
  }

  it('may have __proto__ and other unknown fields, which are ignored', async () => {
    await accept(
      created({ user: { id: 5 } }).replace(
        '"user":{',
        '"__proto__":{"type":"like","self":true},"constructor":1,"user":{',
      ),
    )
    expect(({} as Json).self).toBeUndefined()
  })

  it('may repeat a key, of which the last counts, and write 1 as 1.0', async () => {
    await accept(raw({ user: { id: 'RAW' } }, '"x","id":61.0'))
    expect((await fetchApi('/v1/users/61')).status).toBe(200)
  })

  it('may have a name of 254 code points in 508 UTF-16 units', async () => {
    await accept(created({ user: { id: 62, username: '\u{1f600}'.repeat(254) } }))
  })

  it('may write null for an absent field, and an integer for an ID', async () => {
    const nothing = { parent: null, locale: null, product: null, self: null, spam: null }
    await accept(created({ ...nothing, user: { id: 63 }, content: { type: 'x', id: 42 } }))
    const again = await post(created({ user: { id: 63 }, content: { type: 'x', id: '42' } }))
    expect(await again.json()).toMatchObject({ duplicate: 1 })
  })

  it('may have any offset and fraction in occurred_at, which is cut to the millisecond', async () => {
    await accept(created({ user: { id: 64 }, occurred_at: '2026-11-20t13:59:59.99999+02:00' }))
    const { first_contribution_at: first }: Json = await (await fetchApi('/v1/users/64')).json()
    expect(first).toBe('2026-11-20T11:59:59.999Z')
  })

  it('may be dated 5 minutes ahead, and is counted live', async () => {
    await accept(created({ user: { id: 65 }, occurred_at: new Date(noon + 300_000).toISOString() }))
    const user: Json = await (await fetchApi('/v1/users/65')).json()
    expect([user.lifetime.total, user.windows['7d'].total]).toEqual([1, 1])
    const then: Json = await (await fetchApi(`/v1/users/65?as_of=${timestamp}`)).json()
    expect(then.lifetime.total).toBe(0)
  })
})
