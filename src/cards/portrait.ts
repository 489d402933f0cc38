import type { DayCount, DayNumber } from '../contributions/calendar.ts'
import { contributionTypes, typeDefinition, type ContributionType } from '../definitions/definitions.ts'

const grouped = new Intl.NumberFormat('en', { useGrouping: 'min2' })

/**
 * A count that is read the same in every locale: "9876", "12 345". Five digits and more are in groups of three, with a
 * narrow no-break space between them (ISO 80000-1 section 7.3.1).
 */
export const formatCount = (count: number): string => grouped.format(count).replaceAll(',', '\u202f')

/** What a card shows of a user. */
export interface Portrait {
  /** From `nameOf`. */
  name: string
  total: number
  types: Readonly<Record<ContributionType, number>>
  last30Days: number
  last90Days: number
  /** The year of the first contribution; null if there is none. */
  sinceYear: number | null
  /** The number of contributions in each week, oldest first. */
  weeks: number[]
  /** The day that the card is for; null for a live card. */
  asOf: string | null
}

/** A number with its noun: "1 answer", "12 345 answers". */
export const counted = (count: number, { one, many }: { one: string; many: string }): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

export const countOf = ({ types }: Pick<Portrait, 'types'>, type: ContributionType): number =>
  types[type] ?? 0

/** The types that the user has contributed. */
export const typesOf = ({ types }: Portrait): ContributionType[] =>
  contributionTypes.filter((type) => countOf({ types }, type) > 0)

export const sinceOf = ({ sinceYear }: Portrait): string =>
  sinceYear === null ? 'No contributions yet' : `Contributing since ${sinceYear}`

/** The whole card in words, for screen readers. */
export const descriptionOf = (portrait: Portrait): string => {
  const { last30Days, last90Days, asOf } = portrait
  const moment = asOf === null ? '' : `As of ${asOf}: `
  if (portrait.total === 0) return `${moment}${sinceOf(portrait)}`
  const total = counted(portrait.total, { one: 'contribution', many: 'contributions' })
  const byType = typesOf(portrait).map((type) => counted(countOf(portrait, type), typeDefinition(type)))
  const recent = `${formatCount(last30Days)} in 30 days, ${formatCount(last90Days)} in 90 days`
  return `${moment}${total} (${byType.join(', ')}), ${recent}. ${sinceOf(portrait)}`
}

/** How many weeks a card shows. */
const weeksShown = 52

/** The days `[from, to)` of a card's weeks. The last week ends with `today`. */
export const daysOfWeeks = (today: DayNumber): { from: DayNumber; to: DayNumber } => ({
  from: today + 1 - 7 * weeksShown,
  to: today + 1,
})

/** The contributions in each week, oldest first. Days after `today` count in the last week. */
export const countWeeks = (days: readonly DayCount[], today: DayNumber): number[] => {
  const weeks = Array.from({ length: weeksShown }, () => 0)
  const { from } = daysOfWeeks(today)
  for (const { day, count } of days) {
    const week = Math.min(weeksShown - 1, Math.floor((day - from) / 7))
    weeks[week] = (weeks[week] ?? 0) + count
  }
  return weeks
}
