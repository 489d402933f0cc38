import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Profile } from '../../src/contributions/user.ts'
import type { ApiResult } from '../../src/pages/api/fetchApi.ts'
import { findByBeginning } from '../../src/pages/boards/findPeople.ts'

const aPerson = (id: number, username: string, name: string | null): Profile => ({
  id,
  username,
  display_name: name,
  avatar_url: null,
})

const people = [
  aPerson(1, 'ez', 'Elias Žemlak'),
  aPerson(2, 'elias zemlak', null),
  aPerson(3, 'mz', 'Maria Zemlak'),
  aPerson(4, 'ana.lopez', 'Ana'),
  aPerson(5, 'sean', "Seán O'Neill"),
  aPerson(6, 'jk', 'J K'),
]

/** The API's search for one word, and the searches that it was asked for. */
const anApi = () => {
  const asked: string[] = []
  const fetchApi = async <Body>(path: string): Promise<ApiResult<Body>> => {
    const text = new URL(path, 'https://perennial.test').searchParams.get('search') ?? ''
    asked.push(text)
    const pattern = text.toLowerCase()
    const users = people.filter(
      ({ username, display_name: name }) =>
        username?.startsWith(pattern) ||
        (name ?? '')
          .normalize('NFKD')
          .replaceAll(/\p{M}/gu, '')
          .toLowerCase()
          .split(/[ ']/)
          .some((word) => word.startsWith(pattern)),
    )
    return { ok: true, body: { users } as Body }
  }
  return { asked, fetchApi }
}

it.each([
  ['a full name, and a username that begins with it', 'Elias Zemlak', [2, 1], ['Elias Zemlak', 'ZEMLAK']],
  ['a full name, the last name first', 'žemlak, eli', [1], ['žemlak, eli', 'ZEMLAK']],
  ['a name with an apostrophe', "o'neill", [5], ["o'neill", 'NEILL']],
  ['the beginning of a username with a dot', 'ana.lo', [4], ['ana.lo', 'ANA']],
  ['one word', 'zemlak', [1, 3], ['zemlak']],
  ['words that nobody has together', 'Maria Elias', [], ['Maria Elias', 'MARIA']],
  ['words too short for the API', 'j k', [], ['j k']],
])('finds people by %s', async (_, text, ids, searches) => {
  const { asked, fetchApi } = anApi()
  const found = await findByBeginning(fetchApi, text)
  expect(found.ok && found.body.users.map(({ id }) => id)).toEqual(ids)
  expect(asked).toEqual(searches)
})

it('a search for several words finds everyone who has them, or says that there can be more, as brute force over the names shows', async () => {
  const word = fc.constantFrom('ana', 'anton', 'bo', 'bora', 'chi')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), {
        minLength: 60,
        maxLength: 150,
        size: 'max',
      }),
      fc.array(fc.constantFrom('an', 'ana', 'ant', 'bo', 'bor', 'ch', 'c'), { minLength: 2, maxLength: 3 }),
      async (names, words) => {
        const all = names.map((name, index) => aPerson(index + 1, `user-${index + 1}`, name.join(' ')))
        const beginsSome = (person: Profile, beginning: string) =>
          (person.display_name ?? '').split(' ').some((each) => each.startsWith(beginning))
        const fetchApi = async <Body>(path: string): Promise<ApiResult<Body>> => {
          const text = new URL(path, 'https://perennial.test').searchParams.get('search') ?? ''
          const users = all.filter((person) => beginsSome(person, text.toLowerCase())).slice(0, 20)
          return { ok: true, body: { users } as Body }
        }
        const expected = all.filter((person) => words.every((each) => beginsSome(person, each)))
        const found = await findByBeginning(fetchApi, words.join(' '))
        const { users, isWhole } = found.ok ? found.body : expect.fail(found.detail)
        expect(expected).toEqual(expect.arrayContaining(users))
        if (isWhole) expect(users).toHaveLength(expected.length)
        const isBounded = words.some(
          (each) => each.length > 1 && all.filter((person) => beginsSome(person, each)).length < 20,
        )
        expect(isWhole).toBe(isBounded)
      },
    ),
    { numRuns: 300 },
  )
})

it.each([
  ['李', true],
  ['J', true],
  ['x'.repeat(101), false],
])(
  'a search for %s, which the API does not accept, does not claim that no one matches',
  async (text, isTooShort) => {
    const fetchApi = async <Body>(): Promise<ApiResult<Body>> => expect.fail('The API was asked')
    const body = { users: [], isWhole: false, isTooShort }
    expect(await findByBeginning(fetchApi, text)).toEqual({ ok: true, body })
  },
)

it('a search says that its words are too short if none of them has two characters', async () => {
  const { fetchApi } = anApi()
  const isTooShort = async (text: string): Promise<boolean | undefined> => {
    const found = await findByBeginning(fetchApi, text)
    return found.ok ? found.body.isTooShort : undefined
  }
  const texts = ['j k', '!!!', 'j kl', 'zemlak']
  expect(await Promise.all(texts.map(isTooShort))).toEqual([true, true, false, false])
})

it('a search for several words fails if the API does', async () => {
  const problem = { ok: false, status: 503, detail: 'Busy', retryAfterSeconds: 1 } as const
  expect(await findByBeginning(async () => problem, 'Elias Zemlak')).toEqual(problem)
})
