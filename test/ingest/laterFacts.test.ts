import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, post, read, send, type Json } from '../support/site.ts'

/* Facts that come after a contribution, or before it: amendments, titles, groups. */

const content = { type: 'questions.answer', id: 'a' }

/** An answer by user 1, in English, about Firefox. */
const original = aContribution({
  content,
  parent: { type: 'questions.question', id: 'q' },
  locale: 'en-US',
  product: 'firefox',
})

const created = async (fields: Json = {}): Promise<Json> =>
  send('contribution.created', { ...original, ...fields }, noon - 60_000)

const amend = async (set: Json, at: number, fields: Json = {}): Promise<Json> =>
  send('contribution.amended', { content, set, ...fields }, at)

const statusesOf = (answer: Json): Json => answer.results.map(({ status, reason }: Json) => reason ?? status)

/** The log without times, types and contents. */
const rows = async (): Promise<Json[]> => {
  const response = await fetchApi('/v1/log', { headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } })
  const text = new TextDecoder().decode(await response.arrayBuffer())
  const lines = text.split('\n').flatMap((line): Json[] => (line === '' ? [] : [JSON.parse(line)]))
  return lines.map(({ delta, user, parent, locale, product, self, reason }) => [
    delta,
    user.id,
    parent?.id ?? null,
    locale,
    product,
    self,
    reason,
  ])
}

const listOf = async (user: number): Promise<Json[]> =>
  (await read(`/v1/users/${user}/contributions`)).contributions

const boardOf = async (query: string): Promise<Json[]> => {
  const { position } = await read('/healthz')
  const { entries } = await read(`/v1/leaderboards/support-forum?at_least=${position}&${query}`)
  return entries.map(({ user, count }: Json) => [user.id, count])
}

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

describe('contribution.amended', () => {
  it('reverses the old values and counts the new ones, and moves the credit to another user', async () => {
    await created()
    const answer = await amend({ user: { id: 2, username: 'bea' }, locale: null, self: false }, noon - 5)
    expect(answer).toEqual({
      position: 3,
      recorded: 0,
      duplicate: 0,
      conflict: 0,
      ignored: 0,
      results: [{ index: 0, status: 'applied' }],
    })
    expect(await rows()).toEqual([
      [1, 1, 'q', 'en-US', 'firefox', false, null],
      [-1, 1, 'q', 'en-US', 'firefox', false, 'amended'],
      [1, 2, 'q', '', 'firefox', false, null],
    ])
    expect(await listOf(1)).toEqual([])
    expect(await listOf(2)).toEqual([
      {
        type: 'answer',
        occurred_at: original['occurred_at'],
        content,
        parent: { type: 'questions.question', id: 'q' },
        locale: '',
        product: 'firefox',
        self: false,
        position: 1,
        deleted_at: null,
        amended: true,
      },
    ])
    expect((await read('/v1/users/2')).user.username).toBe('bea')
    expect(await boardOf('window=30d')).toEqual([[2, 1]])
    expect((await read('/v1/status')).contributions).toBe(1)
  })

  it('lets the latest value of each field win, whatever the order of arrival and the type that it names', async () => {
    await amend({ locale: 'fr', product: null }, noon - 4)
    await created()
    await amend({ locale: 'de' }, noon - 3, { type: 'answer' })
    await amend({ locale: 'pl', self: true }, noon - 5)
    await amend({ product: 'mobile' }, noon - 5, { type: 'answer' })
    await amend({ product: 'ios' }, noon - 1, { type: 'solution' })
    expect(await listOf(1)).toMatchObject([{ locale: 'de', product: '', self: true, amended: true }])
  })

  it.each([
    ['locale', [{ locale: 'de' }, { locale: 'en-US' }, { locale: null }], { locale: 'en-US' }],
    ['user', [{ user: { id: 9 } }, { user: { id: 10 } }], {}],
    ['self', [{ self: true }, { self: false }, { self: null }], { self: true }],
    [
      'parent',
      [{ parent: null }, { parent: { type: 'q', id: 9 } }, { parent: { type: 'q', id: '10' } }],
      { parent: { type: 'q', id: '9' } },
    ],
  ])(
    'lets the value of %s that sorts last win at the same instant, in any order of arrival',
    async (_, sets, won) => {
      for (const order of [sets, sets.toReversed()]) {
        await freshLog()
        await created()
        for (const set of order) await amend(set, noon - 5)
        expect(await listOf(sets.some((set) => 'user' in set) ? 10 : 1)).toMatchObject([won])
      }
    },
  )

  it('adds no row to a retracted contribution until that is restored', async () => {
    await created()
    await send('contribution.retracted', { content, reason: 'mistake' }, noon - 9)
    await amend({ product: 'mobile' }, noon - 8)
    expect(await rows()).toHaveLength(2)
    await send('contribution.restored', { content }, noon - 7)
    expect(await rows()).toEqual([
      [1, 1, 'q', 'en-US', 'firefox', false, null],
      [-1, 1, 'q', 'en-US', 'firefox', false, 'mistake'],
      [1, 1, 'q', 'en-US', 'mobile', false, null],
    ])
  })

  it('adds no row if it changes no value, and lists say that the contribution was amended', async () => {
    await created()
    expect(statusesOf(await amend({ product: 'firefox', self: null }, noon - 8))).toEqual(['applied'])
    expect(await rows()).toHaveLength(1)
    expect(await listOf(1)).toMatchObject([{ product: 'firefox', amended: true }])
  })

  it('is unchanged if, for each of its fields, an amendment of the same time or later and at least the same scope is known', async () => {
    expect(statusesOf(await amend({ locale: 'de', self: true }, noon - 5))).toEqual(['applied'])
    expect(statusesOf(await amend({ locale: 'de', self: true }, noon - 5))).toEqual(['unchanged'])
    expect(statusesOf(await amend({ self: false }, noon - 5, { type: 'answer' }))).toEqual(['unchanged'])
    expect(statusesOf(await amend({ locale: 'fr', product: 'ios' }, noon - 6))).toEqual(['applied'])
    expect(statusesOf(await amend({ product: 'a' }, noon - 4, { type: 'answer' }))).toEqual(['applied'])
    expect(statusesOf(await amend({ product: 'b' }, noon - 5))).toEqual(['applied'])
    const twice = { content, set: { product: 'c' } }
    expect(statusesOf(await send('contribution.amended', [twice, twice], noon - 3))).toEqual([
      'applied',
      'unchanged',
    ])
  })

  it('is ignored if it names a system account, whose names are stored all the same', async () => {
    await created()
    const set = { user: { id: 900, username: 'bot' }, locale: 'de' }
    const answer = await amend(set, noon - 5)
    expect(answer).toMatchObject({ position: 1, ignored: 1 })
    expect(statusesOf(answer)).toEqual(['system_account'])
    expect(await listOf(1)).toMatchObject([{ locale: 'en-US', amended: false }])
    expect((await read('/v1/users/900')).user.username).toBe('bot')
  })

  it('is applied if no later answer can show it, but its user is new or has a new name', async () => {
    await created()
    await amend({ user: { id: 2 } }, noon - 5)
    const named = { user: { id: 1, display_name: 'Ana' } }
    const seen = [{ user: { id: 3 } }, { user: { id: 1 } }, named, named, { user: { id: 3 } }]
    const statuses = []
    for (const set of seen) statuses.push(...statusesOf(await amend(set, noon - 6)))
    expect(statuses).toEqual(['applied', 'unchanged', 'applied', 'unchanged', 'unchanged'])
    expect((await read('/v1/users/1')).user.display_name).toBe('Ana')
    expect((await read('/v1/users/3')).lifetime.total).toBe(0)
  })

  it('does not change what a repetition is compared with: the original is still a duplicate', async () => {
    await created()
    await amend({ product: 'mobile' }, noon - 5)
    expect(statusesOf(await created())).toEqual(['duplicate'])
    expect(statusesOf(await created({ product: 'mobile' }))).toEqual(['conflict'])
  })

  it('adds locales and products that no contribution had before to filters and rankings', async () => {
    await created()
    expect(await boardOf('window=30d&product=mobile')).toEqual([])
    expect(await boardOf('window=30d&product=firefox')).toEqual([[1, 1]])
    await amend({ product: 'mobile', locale: 'pl' }, noon - 5)
    setClock(noon + 5000)
    expect(await boardOf('window=30d&product=mobile')).toEqual([[1, 1]])
    expect(await boardOf('window=30d&locale=pl')).toEqual([[1, 1]])
    expect(await boardOf('window=30d&product=firefox')).toEqual([])
  })

  it('moves documents and contributions between counters that were read before', async () => {
    const edit = { ...original, type: 'kb_edit' }
    await send('contribution.created', edit)
    const of = async (user: number): Promise<Json> => {
      const { lifetime, documents } = await read(`/v1/users/${user}`)
      return [lifetime.kb_edit, documents]
    }
    await send('user.updated', { id: 2 })
    expect([await of(1), await of(2)]).toEqual([
      [1, 1],
      [0, 0],
    ])
    await amend({ user: { id: 2 } }, noon - 5)
    setClock(noon + 1000)
    expect([await of(1), await of(2)]).toEqual([
      [0, 0],
      [1, 1],
    ])
    await amend({ user: { id: 1 }, parent: null }, noon - 4)
    setClock(noon + 2000)
    expect([await of(1), await of(2)]).toEqual([
      [1, 0],
      [0, 0],
    ])
  })
})

describe('a title and an address', () => {
  const labelled = (label: Json): Json => ({ content: { ...content, ...label } })
  const label = async (): Promise<Json> => (await listOf(1))[0]?.content

  it('are shown, each the latest of all deliveries, and are not among the facts', async () => {
    await created(labelled({ title: 'Old', url: 'https://a.example/1' }))
    const again = { ...original, ...labelled({ title: 'New' }) }
    expect(statusesOf(await send('contribution.created', again, noon - 5))).toEqual(['duplicate'])
    await send('contribution.created', { ...original, ...labelled({ title: 'Older' }) }, noon - 90_000)
    expect(await label()).toEqual({ ...content, title: 'New', url: 'https://a.example/1' })
  })

  it('are never shown if they are not later than a retraction as spam, and are shown if they are later', async () => {
    await created(labelled({ title: 'Pills', url: 'https://pills.example' }))
    await send('contribution.retracted', { content, type: 'answer', reason: 'spam' }, noon - 60_000)
    await send('contribution.restored', { content }, noon - 5)
    expect(await label()).toEqual(content)
    await send('contribution.created', { ...original, ...labelled({ title: 'Help' }) }, noon - 4)
    expect(await label()).toEqual({ ...content, title: 'Help' })
  })

  it.each(['a\tb', 'two\r\nlines', '\u0085', '\u0001'])(
    'may be the title %j, as the site has it',
    async (title) => {
      await created(labelled({ title }))
      expect(await label()).toEqual({ ...content, title })
    },
  )

  it('are columns of CSV, in which they are made safe', async () => {
    await created(labelled({ title: '=1+1, "x"', url: 'https://a.example/1' }))
    await send('content.deleted', { content }, noon - 5)
    const csv = await (await fetchApi('/v1/users/1/contributions.csv')).text()
    const [header = '', row = ''] = csv.split('\r\n')
    expect(header).toBe(
      'type,occurred_at,content_type,content_id,parent_type,parent_id,locale,product,self,position,deleted_at,amended,content_title,content_url',
    )
    expect(row).toMatch(/,1,2026-11-20T11:59:59\.995Z,false,"'=1\+1, ""x""",https:\/\/a\.example\/1$/)
  })
})

describe('groups', () => {
  const staff = 'window=all&group=staff'
  const groupsOf = async (groups: Json, at: number, id = 1): Promise<Json> =>
    statusesOf(await send('user.updated', { id, groups }, at))

  it('filter boards, metrics and their history by who is in them now', async () => {
    await created()
    await send('contribution.created', aContribution({ user: { id: 2 } }))
    expect(await groupsOf(['staff', 'l10n'], noon - 5)).toEqual(['applied'])
    const metric = '/v1/metrics/active_contributors'
    expect(await boardOf(staff)).toEqual([[1, 1]])
    expect((await read(`${metric}?group=staff`)).value).toBe(1)
    expect((await read(`${metric}?group=nobody`)).value).toBe(0)
    const days = 'from=2026-11-20&to=2026-11-22'
    const values = async (): Promise<Json> =>
      (await read(`${metric}/history?group=staff&${days}`)).points.map(({ value }: Json) => value)
    expect(await values()).toEqual([0, 1])
    await groupsOf(['l10n'], noon - 4)
    expect([await boardOf(staff), await values()]).toEqual([[], [0, 0]])
  })

  it('are a set of which the latest wins, and at the same instant the one that sorts last', async () => {
    await created()
    expect(await groupsOf(['staff', 'a'], noon - 5)).toEqual(['applied'])
    expect(await groupsOf(['a', 'staff', 'a'], noon - 5)).toEqual(['unchanged'])
    expect(await groupsOf(['b'], noon - 5)).toEqual(['applied'])
    expect(await groupsOf(['a', 'zz'], noon - 5)).toEqual(['unchanged'])
    expect(await groupsOf(null, noon - 1)).toEqual(['unchanged'])
    expect([await boardOf('window=all&group=b'), await boardOf(staff)]).toEqual([[[1, 1]], []])
    expect(await groupsOf([], noon - 4)).toEqual(['applied'])
    expect(await boardOf('window=all&group=b')).toEqual([])
  })

  it.each([false, true])(
    'have no erased user in them (erased before the groups arrived: %s)',
    async (first) => {
      await created()
      if (first) await send('user.erased', { id: 1 })
      expect(await groupsOf(['staff'], noon - 5)).toEqual([first ? 'unchanged' : 'applied'])
      if (!first) await send('user.erased', { id: 1 })
      expect((await read('/v1/metrics/active_contributors?group=staff')).value).toBe(0)
      expect((await env.DB.prepare('SELECT * FROM group_members').all()).results).toEqual([])
    },
  )

  it.each(['', 'Staff', 'a b'])('a group called "%s" is a bad parameter', async (group) => {
    const response = await fetchApi(`/v1/leaderboards/overall?group=${encodeURIComponent(group)}`)
    expect(response.status).toBe(400)
    expect((await response.json<Json>()).errors).toEqual([
      {
        parameter: 'group',
        detail: `Cannot use ${JSON.stringify(group)}: use the name of a group like "staff"`,
      },
    ])
  })
})

it('an invalid amendment writes nothing', async () => {
  await created()
  const response = await post(
    JSON.stringify({
      type: 'contribution.amended',
      timestamp: new Date(noon).toISOString(),
      data: { content, set: { type: 'answer' } },
    }),
  )
  expect([response.status, (await response.json<Json>()).errors]).toEqual([
    422,
    [
      {
        pointer: '/data/set/type',
        detail:
          'Cannot use "answer": use only user, locale, product, parent and self, because nothing else can be amended',
      },
    ],
  ])
  const { results } = await env.DB.prepare('SELECT * FROM amendments').all()
  expect(results).toEqual([])
})

it('a title stays hidden after a retraction as spam, whichever of two reasons of the same instant came first', async () => {
  const spam = { content, reason: 'spam' }
  const fraud = { content, reason: 'fraud' }
  for (const [order, expected] of [
    [
      [fraud, spam, spam],
      ['applied', 'applied', 'unchanged'],
    ],
    [
      [spam, fraud, spam],
      ['applied', 'unchanged', 'unchanged'],
    ],
  ] as const) {
    await freshLog()
    await created({ content: { ...content, title: 'Pills', url: 'https://spam.example/' } })
    const statuses: unknown[] = []
    for (const retraction of order)
      statuses.push(...statusesOf(await send('contribution.retracted', retraction, noon - 5)))
    await send('contribution.restored', { content }, noon - 4)
    expect([statuses, await listOf(1)]).toMatchObject([expected, [{ content }]])
    expect((await listOf(1))[0].content).toEqual(content)
    expect(await rows()).toHaveLength(3)
  }
})
