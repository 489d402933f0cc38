import { contributionTypes, type ContributionType } from '../contributions/contribution.ts'
import { typeNames } from '../contributions/typeNames.ts'
import { formatCount } from './formatCount.ts'

/** What a card says of a user. */
export interface Portrait {
  /** As `nameOf` gives it. */
  name: string
  total: number
  types: Record<ContributionType, number>
  last30Days: number
  last90Days: number
  /** Of the first contribution; null without one. */
  sinceYear: number | null
  /** Contributions in each of the last weeks, oldest first. */
  weeks: number[]
  /** The day that it is all for; null for now. */
  asOf: string | null
}

/** A number with its noun: "1 answer", "12 345 answers". */
export const counted = (count: number, { one, many }: { one: string; many: string }): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** The types of which the user has some. */
export const typesOf = ({ types }: Portrait): ContributionType[] =>
  contributionTypes.filter((type) => types[type] > 0)

/** Since when the user contributes, in a few words. */
export const sinceOf = ({ sinceYear }: Portrait): string =>
  sinceYear === null ? 'No contributions yet' : `Contributing since ${sinceYear}`

/** The whole card in words. */
export const describe = (portrait: Portrait): string => {
  const { types, last30Days, last90Days, asOf } = portrait
  const moment = asOf === null ? '' : `As of ${asOf}: `
  if (portrait.total === 0) return `${moment}${sinceOf(portrait)}`
  const total = counted(portrait.total, { one: 'contribution', many: 'contributions' })
  const byType = typesOf(portrait).map((type) => counted(types[type], typeNames[type]))
  const recent = `${formatCount(last30Days)} in 30 days, ${formatCount(last90Days)} in 90 days`
  return `${moment}${total} (${byType.join(', ')}), ${recent}. ${sinceOf(portrait)}`
}
