import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { foldName } from '../../src/contributions/user.ts'
import { People } from '../../src/projections/directory/people.ts'
import { userDirectoryOf } from '../../src/projections/objects.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { Oracle, type SentMessage } from '../support/oracle.ts'
import { searchEverybody } from '../support/oracleSearch.ts'
import { aContribution, fetchApi, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const search = async (text: string, rest = ''): Promise<Json> =>
  await read(`/v1/users?search=${encodeURIComponent(text)}${rest}`)

const idsFor = async (text: string): Promise<number[]> => {
  const { users } = await search(text)
  return users.map(({ id }: Json) => id)
}

const named = (id: number, username: string | null, displayName: string | null = null) => ({
  id,
  username,
  display_name: displayName,
})

const contributionsOf = (id: number, count: number) =>
  Array.from({ length: count }, () => aContribution({ user: { id } }))

describe('GET /v1/users?search=', () => {
  it('finds by the beginning of a username or of a word of the display name, with profile, as_of and position', async () => {
    await send('user.updated', [
      named(1, 'dan.smith', 'Big Boss'),
      named(2, 'x2', 'Émile-Daniel Roux'),
      named(3, 'bogdan', 'Jordan'),
      named(4, 'some dance', null),
      named(5, null, 'dan'),
    ])
    expect(await search('dan')).toEqual({
      users: [
        { id: 1, username: 'dan.smith', display_name: 'Big Boss', avatar_url: null },
        { id: 2, username: 'x2', display_name: 'Émile-Daniel Roux', avatar_url: null },
        { id: 5, username: null, display_name: 'dan', avatar_url: null },
      ],
      as_of: '2026-11-20T12:00:00.000Z',
      position: 0,
    })
    expect(await idsFor('some d')).toEqual([4])
    expect(await idsFor('emile roux')).toEqual([])
  })

  it.each([
    ['STRASS', 'straße'],
    ['straß', 'STRASSE'],
    ['angstrom', 'Ångström'],
    ['ÅNG', 'a\u030angstro\u0308m'],
    ['ipek', 'İpek'],
    ['αθην', 'Ἀθῆναι'],
    ['ΣΑΣ', 'σας'],
    ['анюта', 'АНЮ\u0301ТА'],
    ['fin', 'ﬁnn'],
    ['ana', 'Ａｎａ'],
    ['한국', '한국어'],
    ['nguyen', 'Nguyễn'],
    ['शक', 'शक्ति'],
  ])('ignores case, accents and compatibility forms: %s finds %s', async (text, name) => {
    await send('user.updated', [named(1, name), named(2, 'u2', `(${name})`), named(3, 'other')])
    expect(await idsFor(text)).toEqual([1, 2])
  })

  it.each([
    ['ipek', 'ıpek'],
    ['so', 'søren'],
    ['하나', '한국'],
    ['naa', 'ana'],
  ])('distinguishes letters that Unicode does not decompose: %s does not find %s', async (text, name) => {
    await send('user.updated', named(1, name))
    expect(await idsFor(text)).toEqual([])
  })

  it('orders exact usernames first, then by lifetime contributions, then by ID, and finds people without contributions too', async () => {
    await send('user.updated', [
      named(9, 'ANÁ'),
      named(8, 'ana'),
      named(7, 'anatol'),
      named(6, 'x', 'Ana'),
      named(5, 'anabel'),
      named(4, 'anais'),
    ])
    await send('contribution.created', [
      ...contributionsOf(4, 1),
      ...contributionsOf(6, 3),
      ...contributionsOf(7, 2),
      ...contributionsOf(8, 1),
    ])
    expect(await idsFor('ana')).toEqual([8, 9, 6, 7, 4, 5])
  })

  it('leaves out people who are hidden, inactive, system accounts or erased, and finds those who are shown again', async () => {
    const flags = { is_hidden: true, is_active: false, is_system: true }
    const users = Object.entries(flags).map(([flag, value], index) => ({
      ...named(index + 1, 'dan'),
      [flag]: value,
    }))
    await send('user.updated', [...users, named(4, 'dan'), named(5, 'dan')], noon - 5000)
    await send('user.erased', { id: 4 }, noon - 4000)
    expect(await idsFor('dan')).toEqual([5])
    await send(
      'user.updated',
      [1, 2, 3, 4].map((id) => ({ id, is_hidden: false, is_active: true, is_system: false })),
      noon - 3000,
    )
    setClock(noon + 5000)
    expect(await idsFor('dan')).toEqual([1, 2, 3, 5])
    expect(
      await runInDurableObject(userDirectoryOf(env), (_, { storage }) =>
        storage.sql.exec('SELECT * FROM people WHERE id = 4').toArray(),
      ),
      'nothing of an erased person stays in storage',
    ).toEqual([])
  })

  it('finds nobody if the search has only combining marks', async () => {
    await send('user.updated', named(1, 'dan'))
    expect(await idsFor('\u0301\u0301')).toEqual([])
  })

  it('finds at most 20', async () => {
    await send(
      'user.updated',
      Array.from({ length: 30 }, (_, index) => named(100 - index, `dan${index}`)),
    )
    expect(await idsFor('dan')).toEqual(Array.from({ length: 20 }, (_, index) => 71 + index))
  })

  it.each([
    ['search=a', 'search'],
    ['search=%F0%9F%98%80', 'search'],
    [`search=${'a'.repeat(101)}`, 'search'],
    ['search=ab%0A', 'search'],
    ['search=ana&username=ana', 'search'],
    ['search=ana&ids=1', 'ids'],
    ['username=ana&ids=1', 'ids'],
    ['search=ana&as_of=2026-11-01T00:00:00Z', 'as_of'],
    ['search=ana&period=2026', 'period'],
    ['', 'username'],
  ])('refuses ?%s and names %s', async (query, parameter) => {
    const response = await fetchApi(`/v1/users${query && `?${query}`}`)
    const { errors }: Json = await response.json()
    expect([response.status, errors.map((error: Json) => error.parameter)]).toEqual([400, [parameter]])
  })

  it('accepts 2 to 100 characters, counted as code points', async () => {
    for (const text of ['😀😀', '😀'.repeat(100)]) expect(await idsFor(text)).toEqual([])
  })

  it('reflects at_least, and is 503 for a position that the log does not have', async () => {
    await send('user.updated', [named(1, 'dana'), named(2, 'dani')])
    expect(await idsFor('dan')).toEqual([1, 2])
    const { position } = await send('contribution.created', aContribution({ user: { id: 2 } }))
    expect((await search('dan', `&at_least=${position}`)).users.map(({ id }: Json) => id)).toEqual([2, 1])
    const response = await fetchApi(`/v1/users?search=dan&at_least=${position + 1}`)
    expect(response.status).toBe(503)
    await response.body?.cancel()
  })
})

const someNames = [
  'ana',
  'Ana',
  'ANÁ',
  'anatol',
  'Ana-Maria  Annan',
  'an\u0301a',
  'Анна',
  'аннА к',
  'Ångström',
  'angstroem',
  'straße',
  'STRASSE',
  'İpek',
  'ıpek',
  '한국',
  '하나',
  'がく かく',
  'Ａｎａ',
  'ﬁnn',
  'an\u{10ffff}a',
  'an\u{10ffff}',
  '٣٤٥ana',
  '😀ana',
  "o'neil ana",
  'हिन्दी',
  '\u0301\u0301',
  '_ana_',
]

const name = fc.oneof(
  { arbitrary: fc.constantFrom(...someNames), weight: 6 },
  { arbitrary: fc.constant(null), weight: 1 },
  {
    arbitrary: fc
      .string({ unit: 'binary', minLength: 1, maxLength: 6 })
      .filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text)),
    weight: 1,
  },
)

const userId = fc.integer({ min: 1, max: 12 })
const content = fc.record({ type: fc.constant('c'), id: fc.integer({ min: 1, max: 40 }).map(String) })
const optionally: { requiredKeys: [] } = { requiredKeys: [] }

const message: fc.Arbitrary<Omit<SentMessage, 'timestamp'>> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(userId, fc.record({ username: name, display_name: name }, optionally))
      .map(([id, names]) => ({ type: 'user.updated', data: { id, ...names } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        userId,
        fc.record({ is_hidden: fc.boolean(), is_active: fc.boolean(), is_system: fc.boolean() }, optionally),
      )
      .map(([id, flags]) => ({ type: 'user.updated', data: { id, ...flags } })),
  },
  { weight: 1, arbitrary: userId.map((id) => ({ type: 'user.erased', data: { id } })) },
  {
    weight: 9,
    arbitrary: fc
      .record({
        type: fc.constantFrom('question', 'answer'),
        user: fc.integer({ min: 1, max: 4 }).map((id) => ({ id })),
        occurred_at: fc.constantFrom('2010-01-01T00:00:00.000Z', '2026-11-20T11:00:00.000Z'),
        content,
      })
      .map((data) => ({ type: 'contribution.created', data })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(content, fc.constantFrom('retracted', 'restored')).map(([about, kind]) => ({
      type: `contribution.${kind}`,
      data: { content: about, reason: 'mistake' },
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(content, userId).map(([about, id]) => ({
      type: 'contribution.amended',
      data: { content: about, set: { user: { id } } },
    })),
  },
)

/** The beginning of some name, or of one of its parts, in another case. */
const beginning = fc
  .tuple(fc.constantFrom(...someNames), fc.nat(4), fc.integer({ min: 2, max: 5 }), fc.boolean())
  .map(([text, from, length, isUpper]) => {
    const part = Array.from(text)
      .slice(from, from + length)
      .join('')
    return isUpper ? part.toUpperCase() : part
  })
  .filter((text) => Array.from(text).length >= 2)

/** Everybody has a name at first. */
const introductions = fc
  .array(fc.tuple(name, name), { minLength: 12, maxLength: 12 })
  .map((names) => names.map(([username, displayName], index) => named(index + 1, username, displayName)))

const timestampOf = (nth: number): string => new Date(noon - 60_000 + nth * 7).toISOString()

/** What the directory finds in its storage if it may read hardly anything before it must compare all matches. */
const searchWithin = async (text: string, bounds: { words: number; people: number }): Promise<unknown> =>
  await runInDurableObject(userDirectoryOf(env), (_, { storage }) =>
    new People(storage.sql, bounds).search(foldName(text)),
  )

it('a search finds the same people as brute force, whatever happened before, and however few rows it reads at once', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      introductions,
      fc.array(fc.array(message, { minLength: 4, maxLength: 12, size: 'max' }), {
        minLength: 3,
        maxLength: 3,
      }),
      fc.array(beginning, { minLength: 6, maxLength: 6 }),
      async (users, rounds, texts) => {
        await freshLog()
        const sent: SentMessage[] = [{ type: 'user.updated', timestamp: timestampOf(0), data: users }]
        await send('user.updated', users, timestampOf(0))
        for (const [nth, round] of rounds.entries()) {
          for (const { type, data } of round) {
            const timestamp = timestampOf(sent.length)
            await send(type, data, timestamp)
            sent.push({ type, timestamp, data })
          }
          setClock(noon + nth * 5000)
          const oracle = new Oracle(sent)
          for (const text of ['an', 'ana', ...texts]) {
            const expected = searchEverybody(oracle, text)
            found += expected.length
            expect((await search(text)).users, text).toEqual(expected)
            for (const bounds of [
              { words: 0, people: 2 },
              { words: 2, people: 100 },
            ])
              expect(await searchWithin(text, bounds), text).toEqual(expected)
          }
        }
      },
    ),
    { numRuns: amount(4, 60) },
  )
  expect(found).toBeGreaterThan(80)
})
