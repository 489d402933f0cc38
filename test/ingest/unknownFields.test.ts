import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, post, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  setClock(noon)
  await freshLog()
})

const plain = 'Ignored: unknown field'
const suggesting = (name: string): string => `${plain}; did you mean "${name}"?`

const warningsOf = async (
  type: string,
  data: unknown,
  around: Record<string, unknown> = {},
): Promise<Json> => {
  const body = JSON.stringify({ type, timestamp: new Date(noon).toISOString(), data, ...around })
  const response = await post(body)
  const receipt: Json = await response.json()
  expect(response.status, JSON.stringify(receipt)).toBe(200)
  return receipt.warnings
}

const about = { type: 'questions.answer', id: '1' }

describe('a receipt', () => {
  it('names an ignored field, and is otherwise the same as without it', async () => {
    const contribution = aContribution({ locael: 'de' })
    expect(await send('contribution.created', contribution, noon)).toEqual({
      position: 1,
      recorded: 1,
      duplicate: 0,
      conflict: 0,
      ignored: 0,
      results: [{ index: 0, status: 'recorded', position: 1 }],
      warnings: [{ pointer: '/data/locael', detail: suggesting('locale') }],
    })
    expect((await read('/v1/users/1/contributions')).contributions).toMatchObject([{ locale: '' }])
  })

  it('names unknown fields in the order of the document, and of a branch only the outermost', async () => {
    const data = [
      {
        zeta: { inner: { innermost: 1 } },
        ...aContribution({ user: { id: 1, nick: 'a', user_name: 'b' } }),
        alpha: [],
      },
      aContribution({
        content: { ...about, id: 'x', titel: 'A crash', link: 'https://a.example' },
        parent: { type: 'q', id: 1, ID: 2 },
      }),
    ]
    expect(await warningsOf('contribution.created', data, { recorded_at: 'now', Data: null })).toEqual([
      { pointer: '/data/0/zeta', detail: plain },
      { pointer: '/data/0/user/nick', detail: plain },
      { pointer: '/data/0/user/user_name', detail: suggesting('username') },
      { pointer: '/data/0/alpha', detail: plain },
      { pointer: '/data/1/content/titel', detail: suggesting('title') },
      { pointer: '/data/1/content/link', detail: plain },
      { pointer: '/data/1/parent/ID', detail: suggesting('id') },
      { pointer: '/recorded_at', detail: plain },
      { pointer: '/Data', detail: suggesting('data') },
    ])
  })

  const misplaced: [string, Record<string, unknown>, string[]][] = [
    [
      'contribution.created',
      { ...aContribution(), username: 'ana', reason: 'spam', is_active: true },
      ['username', 'reason', 'is_active'],
    ],
    [
      'contribution.retracted',
      { content: about, reason: 'spam', locale: 'de', user: { id: 1 } },
      ['locale', 'user'],
    ],
    ['contribution.restored', { content: about, since: null }, ['since']],
    ['content.deleted', { content: about, reason: 'spam', type: 'answer' }, ['reason', 'type']],
    ['contribution.amended', { content: about, set: { self: true }, reason: 'spam' }, ['reason']],
    ['content.undeleted', { content: about, set: {} }, ['set']],
    ['user.updated', { id: 1, set: {}, content: about }, ['set', 'content']],
    ['user.erased', { id: 1, username: 'ana' }, ['username']],
    ['coverage.declared', { type: 'answer', complete: true, user: 1 }, ['user']],
  ]
  it.each(misplaced)('names a field of %s that only other message types have', async (type, data, names) => {
    const warnings = await warningsOf(type, data)
    expect(warnings.map(({ pointer }: Json) => pointer)).toEqual(names.map((name) => `/data/${name}`))
  })

  it('names fields that objects inherit, with pointers escaped as in RFC 6901', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a/b~c', '', '~', 'ü "\n']
    const fields = names.map((name) => `${JSON.stringify(name)}:{"id":0}`).join(',')
    const data = `{${fields},"content":${JSON.stringify(about)}}`
    const response = await post(
      `{"type":"content.deleted","timestamp":"${new Date(noon).toISOString()}","data":${data}}`,
    )
    expect((await response.json<Json>()).warnings).toEqual(
      ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a~1b~0c', '', '~0', 'ü "\n'].map(
        (name) => ({
          pointer: `/data/${name}`,
          detail: plain,
        }),
      ),
    )
  })

  it('names a field once, however often JSON repeats it', async () => {
    const response = await post(
      `{"type":"user.erased","timestamp":"${new Date(noon).toISOString()}","data":{"id":1,"x":1,"x":2,"id":3}}`,
    )
    expect((await response.json<Json>()).warnings).toEqual([{ pointer: '/data/x', detail: plain }])
  })
})

it('a receipt has no warnings when every field is known, null or not', async () => {
  const user = { id: 1, username: null, display_name: null, avatar_url: null }
  const optional = { parent: null, locale: null, product: null, self: null, spam: null }
  expect(await send('contribution.created', aContribution({ user, ...optional }), noon)).not.toHaveProperty(
    'warnings',
  )
  const flags = { is_active: true, is_system: false, is_hidden: null }
  expect(await send('user.updated', { ...user, ...flags }, noon)).not.toHaveProperty('warnings')
})

it('a receipt names only the first 20 unknown fields', async () => {
  const fields = Object.fromEntries(Array.from({ length: 80_000 }, (_, index) => [`f${index}`, 0]))
  const warnings = await warningsOf('user.erased', { ...fields, id: 1 })
  expect(warnings).toEqual(
    Array.from({ length: 20 }, (_, index) => ({ pointer: `/data/f${index}`, detail: plain })),
  )
  const long = 'locale'.repeat(100_000)
  expect(await warningsOf('user.erased', { id: 1, [long]: 1 })).toEqual([
    { pointer: `/data/${long}`, detail: plain },
  ])
  const data = Array.from({ length: 1000 }, (_, index) => ({ id: index + 1, x: 1 }))
  expect(await warningsOf('user.erased', data)).toEqual(
    Array.from({ length: 20 }, (_, index) => ({ pointer: `/data/${index}/x`, detail: plain })),
  )
})

it('a refused message is answered with its errors and without its unknown fields', async () => {
  const response = await post(
    JSON.stringify({ type: 'user.erased', timestamp: new Date(noon).toISOString(), data: { Id: 1 } }),
  )
  expect([response.status, await response.json()]).toEqual([
    422,
    {
      type: '/problems/invalid-message',
      title: 'Invalid message',
      status: 422,
      detail: 'Cannot accept the message: it has 1 error, and nothing was written',
      errors: [{ pointer: '/data/id', detail: 'Missing: use an integer from 1 to 9007199254740991' }],
    },
  ])
})

it.each([
  ['occurredAt', 'occurred_at'],
  ['Locale', 'locale'],
  ['locles', 'locale'],
  ['prodcut', 'product'],
  ['contnet', 'content'],
  ['prent', 'parent'],
  ['slef', 'self'],
  ['tags', undefined],
  ['lo', undefined],
  ['l', undefined],
  ['locale2026_____________________________________________', undefined],
])('the unknown field %s suggests %s', async (given, known) => {
  expect(await warningsOf('contribution.created', aContribution({ [given]: null }))).toEqual([
    { pointer: `/data/${given}`, detail: known === undefined ? plain : suggesting(known) },
  ])
})
