import type { Oracle } from './oracle.ts'

const isMark = (character: string): boolean => /^\p{M}$/u.test(character)

/** A name letter by letter: compatibility forms and accents are taken off, and the case is one. */
const fold = (name: string): string =>
  Array.from(name.normalize('NFKD'))
    .filter((character) => !isMark(character))
    .map((character) => (character === 'ı' ? 'ı' : character.toLowerCase().toUpperCase()))
    .join('')
    .normalize('NFC')

const wordsOf = (name: string): string[] => fold(name).match(/[\p{L}\p{N}]+/gu) ?? []

/** The answer of GET /v1/users?search=, by going through everybody. */
export const searchEverybody = (oracle: Oracle, search: string): unknown[] => {
  const wanted = fold(search)
  return oracle
    .userIds()
    .filter((id) => oracle.isShown(id))
    .flatMap((id) => {
      const profile = oracle.profile(id) ?? {}
      const username = profile['username'] as string | null
      const begins = (name: string): boolean => name.startsWith(wanted)
      const isFound =
        (username !== null && begins(fold(username))) ||
        wordsOf((profile['display_name'] as string | null) ?? '').some(begins)
      const total = oracle.counts(id, { from: null, to: null })['total'] ?? 0
      const isExact = username !== null && fold(username) === wanted
      return isFound ? [{ id, profile, total, isExact }] : []
    })
    .sort(
      (one, other) =>
        Number(other.isExact) - Number(one.isExact) || other.total - one.total || one.id - other.id,
    )
    .slice(0, 20)
    .map(({ profile }) => profile)
}
