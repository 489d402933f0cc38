import { typeDefinition, type ContributionType } from '../../definitions/definitions.ts'
import { formatWindowLength, parseWindowLength, standardWindows } from '../../contributions/window.ts'

/** The windows that pages offer, shortest first, as the API writes them. */
export const windows = [...standardWindows.map((days) => formatWindowLength(days)), 'all']

/** The heading for contributions of a type; undefined means all types. */
export const titleOf = (type: ContributionType | undefined): string =>
  type === undefined ? 'All contributions' : typeDefinition(type).title

/** A window's length in words: `30d` is "30 days". */
export const windowTitle = (window: string): string => {
  const days = parseWindowLength(window)
  if (days === null || days === undefined) return 'All time'
  return days === 1 ? '1 day' : `${days} days`
}

/** A window within a sentence: "all time", "last 30 days", "last day". */
export const windowPhrase = (window: string): string => {
  if (window === 'all') return 'all time'
  return window === '1d' ? 'last day' : `last ${windowTitle(window)}`
}
