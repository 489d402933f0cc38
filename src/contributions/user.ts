import type { Instant } from './instant.ts'

/** A user's public profile. An erased user has none. */
export const profileFields = ['username', 'display_name', 'avatar_url'] as const
export type ProfileField = (typeof profileFields)[number]

/** The flags that decide where a user is counted and shown. */
export const flagFields = ['is_active', 'is_system', 'is_hidden'] as const
export type FlagField = (typeof flagFields)[number]

export type UserField = ProfileField | FlagField
export const userFields: readonly UserField[] = [...profileFields, ...flagFields]

/** A user's public profile. */
export type Profile = { id: number } & Record<ProfileField, string | null>

/** What one message says about one user. Absent fields stay unchanged; null clears a profile field. */
export interface UserFacts {
  id: number
  /** When it became true at the sender. */
  at: Instant
  profile: Partial<Record<ProfileField, string | null>>
  flags: Partial<Record<FlagField, boolean>>
  /** All groups of the user, sorted, each once. */
  groups?: readonly string[] | undefined
  erased: boolean
}

/** A value, and when it became true. */
export interface Dated {
  value: string | boolean | null
  at: Instant
}

/** Everything that is known about one user: the latest value of each field. */
export interface KnownUser {
  id: number
  erased: boolean
  fields: Map<UserField | 'groups', Dated>
}

export const unknownUser = (id: number): KnownUser => ({ id, erased: false, fields: new Map() })

/** Orders strings by code point, as SQLite does; JavaScript's `<` orders UTF-16 units, which differs. */
export const compareCodePoints = (left: string, right: string): number => {
  const lefts = Array.from(left)
  const rights = Array.from(right)
  for (const [index, character] of lefts.entries()) {
    const other = rights[index]
    if (other === undefined) return 1
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return lefts.length - rights.length
}

const sortsAfter = (value: Dated['value'], other: Dated['value']): boolean => {
  if (value === null) return false
  if (other === null) return true
  if (typeof value === 'string' && typeof other === 'string') return compareCodePoints(value, other) > 0
  return value === true && other === false
}

/** Whether `said` replaces `known`: it is later, or equally late and sorts last by code point, null first. */
export const supersedes = (said: Dated, known: Dated | undefined): boolean =>
  known === undefined || said.at > known.at || (said.at === known.at && sortsAfter(said.value, known.value))

/**
 * Adds what a message says to what is known. Returns whether anything changed. An erased user's profile stays empty
 * regardless of the messages before and after, so that their order makes no difference.
 */
export const learn = (known: KnownUser, facts: UserFacts): boolean => {
  let changed = false
  if (facts.erased && !known.erased) {
    known.erased = true
    for (const field of [...profileFields, 'groups'] as const) known.fields.delete(field)
    changed = true
  }
  const learnField = (field: UserField | 'groups', value: string | boolean | null | undefined): void => {
    if (value === undefined) return
    const said = { value, at: facts.at }
    if (!supersedes(said, known.fields.get(field))) return
    known.fields.set(field, said)
    changed = true
  }
  if (!known.erased) for (const field of profileFields) learnField(field, facts.profile[field])
  // Joined by spaces, as the database stores them: of two sets at the same instant, the one that sorts last wins.
  if (!known.erased) learnField('groups', facts.groups?.join(' '))
  for (const field of flagFields) learnField(field, facts.flags[field])
  return changed
}

/** Merges facts by user: the latest value of each field, in the order in which users are first named. */
export const gather = (facts: readonly UserFacts[]): KnownUser[] => {
  const users = new Map<number, KnownUser>()
  for (const said of facts) {
    const known = users.get(said.id) ?? unknownUser(said.id)
    learn(known, said)
    users.set(said.id, known)
  }
  return [...users.values()]
}

/**
 * A username's key for a search that ignores case. Lower case and then upper case makes ß, ẞ and SS equal, and ς and σ;
 * the dotless ı stays as it is, as in Unicode's case folding.
 */
export const usernameKey = (username: string): string =>
  username.toLowerCase().replaceAll(/[^ı]+/g, (part) => part.toUpperCase())

/**
 * A name as a search compares it: in one case, without accents (combining marks) and compatibility forms. A letter that
 * Unicode does not decompose, such as ø, is a letter of its own.
 */
export const foldName = (name: string): string =>
  usernameKey(name.normalize('NFKD').replaceAll(/\p{M}+/gu, '')).normalize('NFC')

/** The distinct words of a name, folded: what stands between characters that are neither letters nor digits. */
export const foldedWords = (name: string): string[] => [
  ...new Set(
    foldName(name)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
]
