import { elementsOf } from './elements.ts'

const fallback = 'en'

/** How many ranges of Accept-Language are read; browsers send two or three. */
const rangesMax = 10

/** A tag of a language that people set (RFC 5646): with script, region and a variant or two, and no extensions. */
const languageTag = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/

/** Whether dates and numbers can be written in this language (BCP 47). */
const isWritten = (language: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0
  } catch {
    return false
  }
}

/**
 * The language that a visitor wants dates and numbers in: the first of the first ten in Accept-Language
 * that is known, or English.
 */
export const languageOf = (acceptLanguage: string | null): string => {
  const ranges = elementsOf(acceptLanguage, rangesMax).map((range) => range.split(';', 1)[0]?.trim() ?? '')
  return ranges.find((range) => languageTag.test(range) && isWritten(range)) ?? fallback
}
