import type { ContributionType } from '../definitions/definitions.ts'
import type { Words } from './wordsOf.ts'

/** A badge in the endpoint format of Shields (shields.io/badges/endpoint-badge), which rejects unknown properties. */
export interface Badge extends Record<string, string | number> {
  schemaVersion: 1
  label: string
  message: string
  color: string
}

/**
 * The badge for a count of one type, or of all types (undefined). `details` name the locale, product and time that the
 * count is limited to.
 */
export const badge = (
  count: number,
  type: ContributionType | undefined,
  details: readonly string[],
  words: Words,
): Badge => ({
  schemaVersion: 1,
  label: [words.labelOf(type), ...details].join(' '),
  message: words.number(count),
  color: count === 0 ? 'lightgrey' : '#1f6b4c',
})
