import { foldedWords, foldName, parseUserId, type Profile } from '../../contributions/user.ts'
import type { FoundUsersAnswer, UserAnswer } from '../api/answers.ts'
import type { ApiResult, FetchApi } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'

const lengthOf = (text: string): number => Array.from(text).length

/** The fewest characters that the API accepts as a name prefix. */
const lengthMin = 2

/** Whether the API accepts a text as a name prefix: 2 to 100 characters. */
export const isSearchable = (text: string): boolean => lengthOf(text) >= lengthMin && lengthOf(text) <= 100

const searchFor = async (fetchApi: FetchApi, text: string): Promise<ApiResult<Profile[]>> => {
  if (!isSearchable(text)) return { ok: true, body: [] }
  const found = await fetchApi<FoundUsersAnswer>(`/v1/users${queryString({ search: text })}`)
  if (found.ok) return { ok: true, body: found.body.users }
  return found.status === 400 ? { ok: true, body: [] } : found
}

/** Whether each word is a prefix of a word in the display name. */
const hasAll = ({ display_name: name }: Profile, words: readonly string[]): boolean => {
  const named = foldedWords(name ?? '')
  return words.every((word) => named.some((candidate) => candidate.startsWith(word)))
}

/** The people that a search found. */
export interface Found {
  users: Profile[]
  /** Whether these are all that match. */
  isWhole: boolean
  /** Whether the text has no word that is long enough to search names for. */
  isTooShort: boolean
}

/** How many people the API finds at most. */
const foundMax = 20

/** How many words of a text are searched for at most. */
const wordsMax = 4

/**
 * Finds people by a prefix of their username, or by prefixes of one or more words of their display name, in any order.
 * The API matches only one word, so it is queried for one after the other, longest first, until it has found everyone with
 * one of them. The other words are matched here.
 */
export const findByBeginning = async (fetchApi: FetchApi, text: string): Promise<ApiResult<Found>> => {
  const whole = await searchFor(fetchApi, text)
  if (!whole.ok) return whole
  const hasAllUsernames = whole.body.length < foundMax
  const words = foldedWords(text).toSorted((one, other) => other.length - one.length)
  const isTooShort = words.every((word) => lengthOf(word) < lengthMin)
  if (words[0] === foldName(text))
    return {
      ok: true,
      body: { users: whole.body, isWhole: hasAllUsernames && isSearchable(text), isTooShort },
    }
  const users = new Map(whole.body.map((user) => [user.id, user]))
  let hasAllNames = false
  for (const word of words.filter(isSearchable).slice(0, wordsMax)) {
    const named = await searchFor(fetchApi, word)
    if (!named.ok) return named
    for (const user of named.body) if (hasAll(user, words)) users.set(user.id, user)
    hasAllNames = named.body.length < foundMax
    if (hasAllNames) break
  }
  return {
    ok: true,
    body: { users: [...users.values()], isWhole: hasAllUsernames && hasAllNames, isTooShort },
  }
}

const foundExactly = (users: Profile[]): ApiResult<Found> => ({
  ok: true,
  body: { users, isWhole: true, isTooShort: false },
})

/**
 * Finds the users with this username, ignoring case, and the user with this ID. If there are none, finds people by a
 * prefix of their name.
 */
export const findPeople = async (fetchApi: FetchApi, text: string): Promise<ApiResult<Found>> => {
  const [named, numbered] = await Promise.all([
    fetchApi<FoundUsersAnswer>(`/v1/users${queryString({ username: text })}`),
    parseUserId(text) === undefined ? undefined : fetchApi<UserAnswer>(`/v1/users/${text}`),
  ])
  if (!named.ok) return named.status === 400 ? foundExactly([]) : named
  if (numbered && !numbered.ok && numbered.status !== 404) return numbered
  const byId = numbered?.ok ? [numbered.body.user] : []
  const exact = [...byId, ...named.body.users.filter(({ id }) => id !== byId[0]?.id)]
  return exact.length > 0 ? foundExactly(exact) : await findByBeginning(fetchApi, text)
}
