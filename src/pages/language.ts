import { definitions } from '../definitions/definitions.ts'
import { writtenIn } from '../definitions/languages.ts'
import { elementsOf } from '../http/headers.ts'
import { catalogueOf } from './texts/catalogue.ts'
import { chosenLanguage, textsFor, type Texts } from './texts/texts.ts'

/** How many language ranges of Accept-Language are read. Browsers send two or three. */
const rangesMax = 10

/**
 * The language tag of a page: the language that its address asks for, or the first of Accept-Language's first ten that
 * pages are written in, with its region, or the site's own language.
 */
export const languageOf = (acceptLanguage: string | null, search = ''): string => {
  const ranges = elementsOf(acceptLanguage, rangesMax).map((range) => range.split(';', 1)[0]?.trim() ?? '')
  const accepted = ranges.find((range) => writtenIn(range) !== undefined)
  return (
    chosenLanguage(search) ?? (accepted && new Intl.Locale(accepted).toString()) ?? definitions.site.language
  )
}

/** The texts of a page for the reader who requests it. */
export const textsOf = ({ url, headers }: Request): Texts => {
  const { search } = new URL(url)
  const tag = languageOf(headers.get('accept-language'), search)
  const language = writtenIn(tag) ?? definitions.site.language
  return textsFor(tag, catalogueOf(language), chosenLanguage(search))
}
