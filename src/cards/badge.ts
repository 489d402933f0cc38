import type { ContributionType } from '../contributions/contribution.ts'
import { typeNames } from '../contributions/typeNames.ts'
import type { WindowLength } from '../contributions/window.ts'
import { formatCount } from './portrait.ts'

/** A badge in the endpoint format of Shields (shields.io/badges/endpoint-badge), which rejects unknown properties. */
export interface Badge extends Record<string, string | number> {
  schemaVersion: 1
  label: string
  message: string
  color: string
}

/** The badge for a count of one type, or of all if undefined, in a window. */
export const badge = (count: number, type: ContributionType | undefined, window: WindowLength): Badge => {
  const what = type === undefined ? 'contributions' : typeNames[type].many
  return {
    schemaVersion: 1,
    label: window === null ? what : `${what} in ${window} ${window === 1 ? 'day' : 'days'}`,
    message: formatCount(count),
    color: count === 0 ? 'lightgrey' : '#1f6b4c',
  }
}
