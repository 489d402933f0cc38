import { foldedWords, type Profile } from '../../contributions/user.ts'
import type { FoundUsersAnswer, UserAnswer } from '../api/answers.ts'
import type { ApiResult, FetchApi } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'

/** Whether the API accepts a text as a name prefix: 2 to 100 characters. */
export const isSearchable = (text: string): boolean => {
  const { length } = Array.from(text)
  return length >= 2 && length <= 100
}

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

/**
 * Finds people by a prefix of their username, or by prefixes of one or more words of their display name, in any order.
 * The API matches only one word, so it is queried for the longest one; the others are matched here against the (at most
 * 20) people found.
 */
export const findByBeginning = async (fetchApi: FetchApi, text: string): Promise<ApiResult<Profile[]>> => {
  const words = foldedWords(text)
  if (words.length < 2) return await searchFor(fetchApi, text)
  const longest = words.reduce((one, other) => (other.length > one.length ? other : one))
  const [whole, named] = await Promise.all([searchFor(fetchApi, text), searchFor(fetchApi, longest)])
  if (!whole.ok) return whole
  if (!named.ok) return named
  const known = new Set(whole.body.map(({ id }) => id))
  return {
    ok: true,
    body: [...whole.body, ...named.body.filter((user) => !known.has(user.id) && hasAll(user, words))],
  }
}

/**
 * Finds the users with this username, ignoring case, and the user with this ID. If there are none, finds people by a
 * prefix of their name.
 */
export const findPeople = async (fetchApi: FetchApi, text: string): Promise<ApiResult<Profile[]>> => {
  const isId = /^[1-9]\d{0,15}$/.test(text)
  const [named, numbered] = await Promise.all([
    fetchApi<FoundUsersAnswer>(`/v1/users${queryString({ username: text })}`),
    isId ? fetchApi<UserAnswer>(`/v1/users/${text}`) : undefined,
  ])
  if (!named.ok) return named.status === 400 ? { ok: true, body: [] } : named
  if (numbered && !numbered.ok && numbered.status !== 404) return numbered
  const byId = numbered?.ok ? [numbered.body.user] : []
  const exact = [...byId, ...named.body.users.filter(({ id }) => id !== byId[0]?.id)]
  return exact.length > 0 ? { ok: true, body: exact } : await findByBeginning(fetchApi, text)
}
