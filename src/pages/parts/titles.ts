import type { ContributionType } from '../../contributions/contribution.ts'
import { typeNames } from '../../contributions/typeNames.ts'
import { parseWindowLength } from '../../contributions/window.ts'

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What contributions of a type are called at the head of something; undefined stands for all of them. */
export const titleOf = (type: ContributionType | undefined): string =>
  type === undefined ? 'All contributions' : capitalized(typeNames[type].many)

/** A window's length in words: `30d` is "30 days". */
export const windowTitle = (window: string): string => {
  const days = parseWindowLength(window)
  if (days === null || days === undefined) return 'All time'
  return days === 1 ? '1 day' : `${days} days`
}
