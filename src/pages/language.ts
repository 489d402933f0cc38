import { definitions } from '../definitions/definitions.ts'
import { writtenIn } from '../definitions/languages.ts'
import { elementsOf } from '../http/headers.ts'
import { catalogueOf } from './texts/catalogue.ts'
import { chosenLanguage, textsFor, type Texts } from './texts/texts.ts'

/** The maximum number of language ranges read from Accept-Language. Browsers send two or three. */
const rangesMax = 10

/**
 * The language tag of a page: the language in its address; or else the first supported one among the first ten in
 * Accept-Language, with its region; or else the site's language.
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
