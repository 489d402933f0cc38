/** The languages that pages are written in (pages/texts/), each by its own name. */
export const languageNames = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof languageNames

/** The same languages, as addresses and the definitions write them. */
export const languages = Object.keys(languageNames) as readonly Language[]

/** A language tag (BCP 47) with script, region and a variant or two, but no extensions. */
const languageTag = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/

/** The language of a tag if pages are written in it: "de" of "de-AT". */
export const writtenIn = (tag: string): Language | undefined => {
  const [primary] = tag.toLowerCase().split('-', 1)
  return languageTag.test(tag) ? languages.find((language) => language === primary) : undefined
}

/** The languages of cards and badges, each by its own name, and what the definitions' words may be translated to. */
export const cardLanguageNames = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ja: '日本語',
  zh: '中文',
  ar: 'العربية',
} as const
export type CardLanguage = keyof typeof cardLanguageNames

/** The same languages, as BCP 47 tags. */
export const cardLanguages = Object.keys(cardLanguageNames) as [CardLanguage, ...CardLanguage[]]
