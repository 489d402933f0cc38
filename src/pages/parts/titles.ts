import type { ContributionType } from '../../definitions/definitions.ts'
import type { Texts } from '../texts/texts.ts'
import { formatWindowLength, parseWindowLength, standardWindows } from '../../contributions/window.ts'

/** The windows that pages offer, shortest first, as the API writes them. */
export const windows = [...standardWindows.map((days) => formatWindowLength(days)), 'all']

/** The heading for contributions of a type; undefined means all types. */
export const titleOf = (type: ContributionType | undefined, texts: Texts): string =>
  type === undefined ? texts.text('types.all') : texts.type(type).title

/** A window's length in words: `30d` is "30 days". */
export const windowTitle = (window: string, { text }: Texts): string => {
  const count = parseWindowLength(window) ?? undefined
  return count === undefined ? text('window.all') : text('window.days', { count })
}

/** A window within a sentence: "all time", "last 30 days", "last day". */
export const windowPhrase = (window: string, { text }: Texts): string => {
  const count = parseWindowLength(window) ?? undefined
  return count === undefined ? text('window.in.all') : text('window.in.days', { count })
}
