import { elementsOf } from '../http/headers.ts'

const fallback = 'en'

/** How many language ranges of Accept-Language are read. Browsers send two or three. */
const rangesMax = 10

/** A language tag (RFC 5646) with script, region and a variant or two, but no extensions. */
const languageTag = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/

/** Whether Intl can format dates and numbers in this language. */
const isSupported = (language: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0
  } catch {
    return false
  }
}

/** The language for dates and numbers: the first supported one of the first ten in Accept-Language, or English. */
export const languageOf = (acceptLanguage: string | null): string => {
  const ranges = elementsOf(acceptLanguage, rangesMax).map((range) => range.split(';', 1)[0]?.trim() ?? '')
  return ranges.find((range) => languageTag.test(range) && isSupported(range)) ?? fallback
}
