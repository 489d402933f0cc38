/** The languages of pages (pages/texts/), each by its own name. */
export const languageNames = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof languageNames

/** The codes of these languages, as used in addresses and in the definitions. */
export const languages = Object.keys(languageNames) as readonly Language[]

/** Without singletons, which start extensions: one of them can choose other digits. */
const withoutExtensions = /^[a-z]{2,8}(?:-[a-z0-9]{2,8}){0,4}$/i

/** Whether this is a well-formed language tag (BCP 47) without extensions. */
const isLanguageTag = (tag: string): boolean => {
  if (!withoutExtensions.test(tag)) return false
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** The page language for a language tag, "de" for "de-AT"; undefined if pages do not exist in it. */
export const writtenIn = (tag: string): Language | undefined => {
  const [primary] = tag.toLowerCase().split('-', 1)
  return isLanguageTag(tag) ? languages.find((language) => language === primary) : undefined
}

/** The languages of cards and badges, each by its own name. The definitions may have translations into them. */
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

/** The BCP 47 tags of these languages. */
export const cardLanguages = Object.keys(cardLanguageNames) as [CardLanguage, ...CardLanguage[]]
