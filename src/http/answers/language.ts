const fallback = 'en'

/** Whether dates and numbers can be written in this language (BCP 47). */
const isWritten = (language: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0
  } catch {
    return false
  }
}

/** The language that a visitor wants dates and numbers in: the first of Accept-Language that is known, or English. */
export const languageOf = (acceptLanguage: string | null): string => {
  const ranges = (acceptLanguage ?? '').split(',').map((range) => range.split(';')[0]?.trim() ?? '')
  return ranges.find(isWritten) ?? fallback
}
