import type { Instant } from './instant.ts'

/** The fields of a user's public profile. They are empty for an erased user. */
export const profileFields = ['username', 'display_name', 'avatar_url'] as const
export type ProfileField = (typeof profileFields)[number]

/** The flags that determine where a user is counted and shown. */
export const flagFields = ['is_active', 'is_system', 'is_hidden'] as const
export type FlagField = (typeof flagFields)[number]

export type UserField = ProfileField | FlagField
export const userFields: readonly UserField[] = [...profileFields, ...flagFields]

/** A user's public profile. */
export type Profile = { id: number } & Record<ProfileField, string | null>

/** The facts about one user in one message. Absent fields stay unchanged; null clears a profile field. */
export interface UserFacts {
  id: number
  /** When it became true at the sender. */
  at: Instant
  profile: Partial<Record<ProfileField, string | null>>
  flags: Partial<Record<FlagField, boolean>>
  /** All groups of the user, sorted and without duplicates. */
  groups?: readonly string[] | undefined
  erased: boolean
}

/** A value, and when it became true. */
export interface Dated {
  value: string | boolean | null
  at: Instant
}

/** Everything known about one user: the latest value of each field. */
export interface KnownUser {
  id: number
  erased: boolean
  fields: Map<UserField | 'groups', Dated>
}

export const unknownUser = (id: number): KnownUser => ({ id, erased: false, fields: new Map() })

/** Orders strings by code point, as SQLite does. JavaScript's `<` orders by UTF-16 code unit, which differs. */
export const compareCodePoints = (left: string, right: string): number => {
  const leftCharacters = Array.from(left)
  const rightCharacters = Array.from(right)
  for (const [index, character] of leftCharacters.entries()) {
    const other = rightCharacters[index]
    if (other === undefined) return 1
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return leftCharacters.length - rightCharacters.length
}

const sortsAfter = (value: Dated['value'], other: Dated['value']): boolean => {
  if (value === null) return false
  if (other === null) return true
  if (typeof value === 'string' && typeof other === 'string') return compareCodePoints(value, other) > 0
  return value === true && other === false
}

/**
 * Whether `said` replaces `known`: it is later, or, at the same instant, it sorts after `known` by code point, with
 * null first.
 */
const supersedes = (said: Dated, known: Dated | undefined): boolean =>
  known === undefined || said.at > known.at || (said.at === known.at && sortsAfter(said.value, known.value))

/** Merges the named values, all dated `at`. Returns whether any of them was newer than what was known. */
const learnFields = <Field extends UserField | 'groups'>(
  known: KnownUser,
  fields: readonly Field[],
  values: { readonly [Name in Field]?: Dated['value'] | undefined },
  at: Instant,
): boolean => {
  let changed = false
  for (const field of fields) {
    const value = values[field]
    if (value === undefined) continue
    const said = { value, at }
    if (!supersedes(said, known.fields.get(field))) continue
    known.fields.set(field, said)
    changed = true
  }
  return changed
}

/**
 * Merges facts into a known user. Returns whether anything changed. An erased user's profile stays empty whatever other
 * messages say, so that the order of messages makes no difference.
 */
export const learn = (known: KnownUser, facts: UserFacts): boolean => {
  let changed = false
  if (facts.erased && !known.erased) {
    known.erased = true
    for (const field of [...profileFields, 'groups'] as const) known.fields.delete(field)
    changed = true
  }
  const { at, profile, groups, flags } = facts
  if (!known.erased) {
    changed = learnFields(known, profileFields, profile, at) || changed
    // Joined by spaces, as the database stores them. Of two sets with the same instant, the one that sorts last wins.
    if (groups) changed = learnFields(known, ['groups'], { groups: groups.join(' ') }, at) || changed
  }
  return learnFields(known, flagFields, flags, at) || changed
}

/** Merges facts by user, keeping the latest value of each field. Users are in the order of their first mention. */
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
 * The key of a username for case-insensitive lookup. Lowercasing and then uppercasing makes ß, ẞ and SS equal, and ς
 * and σ. The dotless ı is kept, as in Unicode case folding.
 */
export const usernameKey = (username: string): string =>
  username.toLowerCase().replaceAll(/[^ı]+/g, (part) => part.toUpperCase())

/**
 * A name in the form that searches compare: without differences in case, accents (combining marks) and compatibility
 * forms. A letter that Unicode does not decompose, such as ø, is kept.
 */
export const foldName = (name: string): string =>
  usernameKey(name.normalize('NFKD').replaceAll(/\p{M}+/gu, '')).normalize('NFC')

/** The distinct folded words of a name: its runs of letters and digits. */
export const foldedWords = (name: string): string[] => [
  ...new Set(
    foldName(name)
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
]

/** Parses a user ID: a whole number from 1 to 2^53 − 1, without leading zeros. Returns undefined for anything else. */
export const parseUserId = (text: string): number | undefined => {
  const id = /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}
