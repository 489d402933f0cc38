import { definitions, typeDefinition, type ContributionType } from '../definitions/definitions.ts'
import type { Filter } from '../contributions/selection.ts'
import type { Profile } from '../contributions/user.ts'
import type { CardLanguage } from '../definitions/languages.ts'
import { givenName } from './names.ts'
import { phrases, type Phrases } from './phrases.ts'

/** The phrases that do not depend on a count. */
type PlainPhrase = {
  [Name in keyof Phrases]: Phrases[Name] extends string ? Name : never
}[keyof Phrases]

/** Isolates text with its own direction, such as a date, from the right-to-left text around it (UAX #9). */
const isolated = (text: string): string => `\u2068${text}\u2069`

const fill = (template: string, values: Record<string, string>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)

/** Creates the formatters for cards and badges in one language. */
const createWords = (language: CardLanguage) => {
  const all = phrases[language]
  const isRtl = language === 'ar'
  const numbers = new Intl.NumberFormat(language)
  const plurals = new Intl.PluralRules(language)
  const months = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' })
  const number = (count: number): string => numbers.format(count)
  const typeIn = (type: ContributionType) =>
    definitions.translations?.[language]?.types?.[type] ?? typeDefinition(type)
  const byCount = (name: 'contributions' | 'inDays' | 'inWeeks', count: number): string => {
    const texts = all[name]
    return fill(texts[plurals.select(count)] ?? texts.other, { count: number(count) })
  }
  const label = all.contributions.few ?? all.contributions.other
  const counted = (count: number, title: string, noun: string): string =>
    fill(all.counted, { count: number(count), title, noun })
  const phrase = (name: PlainPhrase, values: Record<string, string> = {}): string => {
    const isolates = Object.entries(values).map(([key, value]) => [key, isRtl ? isolated(value) : value])
    return fill(all[name], Object.fromEntries(isolates))
  }
  return {
    language,
    isRtl,
    /** Formats a count as this language's pages do. */
    number,
    byCount,
    /** A phrase, with the names in braces replaced with `values`. */
    phrase,
    /** The display name, the username, or "Contributor 42". */
    nameOf: (user: Profile): string => givenName(user) ?? phrase('unnamed', { id: String(user.id) }),
    /** "2 answers", or "回答：2" in a language whose nouns do not follow the number. */
    ofType: (type: ContributionType, count: number): string => {
      const { title, one, many } = typeIn(type)
      return counted(count, title, plurals.select(count) === 'one' ? one : many)
    },
    /** Like `ofType`, for contributions of all types. */
    ofAll: (count: number): string => counted(count, label, byCount('contributions', count)),
    /** "927 in 52 weeks", or "52週間：927". */
    inWeeks: (count: number, weeks: number): string => {
      const time = byCount('inWeeks', weeks)
      return counted(count, time, time)
    },
    /** The label of a badge for a type; undefined for all types. */
    labelOf: (type: ContributionType | undefined): string => {
      if (type === undefined) return label
      const { title, many } = typeIn(type)
      return all.counted.includes('{noun}') ? many : title
    },
    /** The words for the product and the locale that contributions are limited to; an empty array if there are none. */
    scopeOf: ({ locale, product }: Partial<Filter>): string[] => {
      const [ofProduct, inLocale] = [product, locale].map(
        (value) => value && (isRtl ? isolated(value) : value),
      )
      return [ofProduct === '' ? all.noProduct : ofProduct, inLocale === '' ? all.noLocale : inLocale].filter(
        (part) => part !== undefined,
      )
    },
    month: (date: string): string => months.format(new Date(date)),
    unknownReason: fill(all.unknownReason, { site: definitions.site.name }),
  }
}

/** The formatters for cards and badges in one language. */
export type Words = ReturnType<typeof createWords>

const made = new Map<CardLanguage, Words>()

/**
 * The formatters for a language, created once. Types have their translated names, or their own names if there is no
 * translation.
 */
export const wordsOf = (language: CardLanguage): Words => {
  const words = made.get(language) ?? createWords(language)
  made.set(language, words)
  return words
}
