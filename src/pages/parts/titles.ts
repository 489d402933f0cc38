import type { ContributionType } from '../../definitions/definitions.ts'
import { formatDay, parsePeriod } from '../../contributions/calendar.ts'
import type { Formatters } from '../formatters.ts'
import type { Texts } from '../texts/texts.ts'
import { formatWindowLength, parseWindowLength, standardWindows } from '../../contributions/instant.ts'

/** The windows that pages offer, shortest first, in the API's form. */
export const windows = [...standardWindows.map((days) => formatWindowLength(days)), 'all']

/** The heading for contributions of a type; undefined means all types. */
export const titleOf = (type: ContributionType | undefined, texts: Texts): string =>
  type === undefined ? texts.text('types.all') : texts.type(type).title

/** A window's length in words: `30d` is "30 days". */
export const windowTitle = (window: string, { text }: Texts): string => {
  const count = parseWindowLength(window) ?? undefined
  return count === undefined ? text('window.all') : text('window.days', { count })
}

/** A window that ends now, by itself: "Last 30 days", "All time". */
export const lastTitle = (window: string, { text }: Texts): string => {
  const count = parseWindowLength(window) ?? undefined
  return count === undefined ? text('window.all') : text('window.last', { count })
}

/** A window within a sentence: "all time", "last 30 days", "last day". */
export const windowPhrase = (window: string, { text }: Texts): string => {
  const count = parseWindowLength(window) ?? undefined
  return count === undefined ? text('window.in.all') : text('window.in.days', { count })
}

/** The name of a calendar year, quarter, month or week: `2026-Q3` is "Q3 2026". */
export const periodTitle = (period: string, { text }: Texts, formatters: Formatters): string => {
  const [year = '', part = ''] = period.split('-')
  if (part === '') return year
  if (part.startsWith('Q')) return text('interval.name.quarter', { quarter: Number(part.slice(1)), year })
  const first = formatDay(parsePeriod(period)?.from ?? 0)
  return part.startsWith('W')
    ? text('interval.name.week', { day: formatters.day(first) })
    : formatters.monthOfYear(first)
}

/** A note on numbers, with what the page's filters select: "90 days · firefox · German (de)". */
export const filteredNote = (
  note: string,
  { product, locale }: { product: string | undefined; locale: string | undefined },
  formatters: Formatters,
): string =>
  [note, product, locale === undefined ? undefined : formatters.locale(locale)]
    .filter((part) => part !== undefined)
    .join(' · ')

/** The time that a board counts, within a sentence: "last 30 days", or "Q3 2026". */
export const timePhrase = (
  { window, period }: { window: string; period: string | undefined },
  texts: Texts,
  formatters: Formatters,
): string => (period === undefined ? windowPhrase(window, texts) : periodTitle(period, texts, formatters))
