import type { DayCount, DayNumber } from '../contributions/calendar.ts'
import { contributionTypes, type ContributionType } from '../definitions/definitions.ts'
import type { Filter } from '../contributions/selection.ts'
import type { Theme } from './cardOptions.ts'
import type { Words } from './wordsOf.ts'

/** What a card shows of a user. */
export interface Portrait {
  /** The result of `Words.nameOf`. */
  name: string
  total: number
  types: Readonly<Record<ContributionType, number>>
  last30Days: number
  last90Days: number
  /** The year of the first contribution; null if there is none. */
  sinceYear: number | null
  /** The contributions of the last 364 days, by day. Days without any may be absent. */
  days: readonly DayCount[]
  /** The last day that the card shows. */
  today: DayNumber
  /** The day as of which the card is drawn; null for a live card. */
  asOf: string | null
  /** The locale and product that the card is limited to, if it is. */
  scope: Filter
}

/** The props of every variant of a card. */
export interface CardProps {
  portrait: Portrait
  theme: Theme
  words: Words
}

export const countOf = ({ types }: Pick<Portrait, 'types'>, type: ContributionType): number =>
  types[type] ?? 0

/** The types of which the user has contributions. */
export const typesOf = ({ types }: Portrait): ContributionType[] =>
  contributionTypes.filter((type) => countOf({ types }, type) > 0)

const sinceOf = ({ sinceYear }: Portrait, words: Words): string =>
  sinceYear === null ? words.phrase('none') : words.phrase('since', { year: String(sinceYear) })

/** The line below the name: since when, in which scope, and as of which day. */
export const captionOf = (portrait: Portrait, words: Words): string => {
  const { scope, asOf } = portrait
  const moment = asOf === null ? [] : [words.phrase('asOf', { date: asOf })]
  return [sinceOf(portrait, words), ...words.scopeOf(scope), ...moment].join(' · ')
}

/** The contents of the card as text, for screen readers. */
export const descriptionOf = (portrait: Portrait, words: Words): string => {
  const { total, last30Days, last90Days } = portrait
  if (total === 0) return captionOf(portrait, words)
  const byType = typesOf(portrait).map((type) => words.ofType(type, countOf(portrait, type)))
  const recent = [
    `${words.number(last30Days)} ${words.byCount('inDays', 30)}`,
    `${words.number(last90Days)} ${words.byCount('inDays', 90)}`,
  ]
  const counts = `${words.ofAll(total)} (${byType.join(', ')})`
  return `${[counts, ...recent].join(', ')}. ${captionOf(portrait, words)}`
}

/** The number of weeks on a card. */
export const weeksShown = 52

/** The days `[from, to)` on a card. The last week ends with `today`. */
export const daysOfWeeks = (today: DayNumber): { from: DayNumber; to: DayNumber } => ({
  from: today + 1 - 7 * weeksShown,
  to: today + 1,
})

/** The contributions in each week, oldest first. Days after `today` count in the last week. */
export const countWeeks = ({ days, today }: Pick<Portrait, 'days' | 'today'>): number[] => {
  const weeks = Array.from({ length: weeksShown }, () => 0)
  const { from } = daysOfWeeks(today)
  for (const { day, count } of days) {
    const week = Math.min(weeksShown - 1, Math.floor((day - from) / 7))
    weeks[week] = (weeks[week] ?? 0) + count
  }
  return weeks
}
