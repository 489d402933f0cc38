import { typeDefinition, type ContributionType } from '../definitions/definitions.ts'
import { formatCount } from './portrait.ts'

/** A badge in the endpoint format of Shields (shields.io/badges/endpoint-badge), which rejects unknown properties. */
export interface Badge extends Record<string, string | number> {
  schemaVersion: 1
  label: string
  message: string
  color: string
}

/** The badge for a count of one type, or of all if undefined. `phrase` says in which part of time; it is empty for all time. */
export const badge = (count: number, type: ContributionType | undefined, phrase: string): Badge => {
  const what = type === undefined ? 'contributions' : typeDefinition(type).many
  return {
    schemaVersion: 1,
    label: phrase === '' ? what : `${what} ${phrase}`,
    message: formatCount(count),
    color: count === 0 ? 'lightgrey' : '#1f6b4c',
  }
}
