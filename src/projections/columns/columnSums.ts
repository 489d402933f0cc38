import type { EntryColumns, EntryKind } from '../../contributions/community/entries.ts'
import type { ContributionType } from '../../definitions/definitions.ts'

/** Counts and a checksum of the entries of a type. An audit compares them with the log. */
export interface TypeSums {
  type: ContributionType
  entries: number
  /** How many contributions stand. */
  standing: number
  /** A checksum over each entry's values, modulo 2^45. */
  checksum: number
}

/** Far enough below 2^53 that the sum of two parts is exact. */
export const checksumModulus = 2 ** 45

/** The weights of people and threads in the checksum, by number. */
export interface Weights {
  /** 1 to 9,973 for a person, 0 to 99,999 for a thread. */
  people: Uint32Array
  threads: Uint32Array
}

/** The checksum weight of a user. */
export const personWeight = (userId: number): number => (userId % 9973) + 1

const codeOf = (text: string): number => text.codePointAt(0) ?? 0

const kindWeight = ({ self, locale, product }: EntryKind): number =>
  Number(self) + 2 * locale.length + 101 * codeOf(locale) + 211 * product.length + 1009 * codeOf(product)

/** Computes the sums of a type's entries. `recountEntries` in src/log/queries/audit.ts computes the same from the log. */
export const sumUp = (
  type: ContributionType,
  parts: Iterable<EntryColumns>,
  kinds: readonly EntryKind[],
  weights: Weights,
): TypeSums => {
  const sums = { type, entries: 0, standing: 0, checksum: 0 }
  const ofKind = kinds.map(kindWeight)
  for (const { kinds: numbers, people, instants, threads } of parts) {
    let sum = 0
    for (let index = 0; index < numbers.length; index += 1) {
      const kind = numbers[index] ?? 0
      const instant = instants[index] ?? 0
      const thread = threads[index] ?? 0
      sums.entries += 1
      sums.standing += kinds[kind]?.delta ?? 0
      sum +=
        ((instant % 1_000_003) + 1) * (weights.people[people[index] ?? 0] ?? 0) +
        ((instant % 997) + 1) * (ofKind[kind] ?? 0) +
        ((instant % 89) + 1) * (thread === 0 ? 0 : (weights.threads[thread - 1] ?? 0) + 1)
    }
    sums.checksum = (sums.checksum + sum) % checksumModulus
  }
  return sums
}
