import { themes, variants, type Theme, type Variant } from '../../cards/cardOptions.ts'
import { parseDay, parsePeriod } from '../../contributions/calendar.ts'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import { localePattern, namePattern } from '../../definitions/patterns.ts'
import { formatWindowLength, parseWindowLength } from '../../contributions/instant.ts'
import { cardLanguages, type CardLanguage, type Language } from '../../definitions/languages.ts'
import { isZoneName } from '../formatters.ts'
import { queryString, withoutDefaults, type ParametersOf } from '../parts/queryString.ts'
import { chosenLanguage } from '../texts/texts.ts'
import { windows } from '../parts/titles.ts'

/** What a user's page shows. The address contains all of it, so that a view can be shared. */
export interface ProfileState {
  /** The type of the listed contributions; undefined for all types. */
  type: ContributionType | undefined
  /** The window of the listed contributions, in the API's form: `90d` or `all`. */
  window: string
  /** A period in the API's form, like `2026-Q3`, or a day, like `2026-03-01`, which is listed instead of the window. */
  period: string | undefined
  /** The product and the locale of the listed contributions; undefined for any. */
  product: string | undefined
  locale: string | undefined
  cursor: string | undefined
  /** The year of the calendar; undefined for the last 365 days. */
  year: number | undefined
  timeZone: string
  /** The language that the reader chose; undefined for that of their browser. */
  lang: Language | undefined
  /** The window of the ranks. */
  ranks: string
  /** The appearance of the card to embed. If its language is undefined, it is that of the page. */
  theme: Theme
  variant: Variant
  cardLanguage: CardLanguage | undefined
}

const defaultState: ProfileState = {
  type: undefined,
  window: 'all',
  period: undefined,
  product: undefined,
  locale: undefined,
  cursor: undefined,
  year: undefined,
  timeZone: 'UTC',
  lang: undefined,
  ranks: '90d',
  theme: 'auto',
  variant: 'standard',
  cardLanguage: undefined,
}

const cursorMax = 2048

const windowOf = (text: string | null, fallback: string): string => {
  const length = parseWindowLength(text ?? '')
  return length === undefined ? fallback : formatWindowLength(length)
}

/** Parses a year, quarter, month, week or day from 1900 to 2099. Returns undefined for anything else. */
const periodOf = (text: string): string | undefined => {
  const isPeriod = parsePeriod(text) !== undefined || parseDay(text) !== undefined
  return isPeriod && /^(?:19|20)/.test(text) ? text : undefined
}

/** Parses a filter of the list. The empty string selects contributions without a value. */
const filterOf = (text: string | null, pattern: RegExp): string | undefined =>
  text !== null && (text === '' || pattern.test(text)) ? text : undefined

/** Parses an address's query. Missing and invalid parameters fall back to their defaults. */
export const parseProfile = (search: string): ProfileState => {
  const parameters = new URLSearchParams(search)
  const given = (name: string): string => parameters.get(name) ?? ''
  const period = periodOf(given('period'))
  return {
    type: contributionTypes.find((type) => type === given('type')),
    window:
      period === undefined ? windowOf(parameters.get('window'), defaultState.window) : defaultState.window,
    period,
    product: filterOf(parameters.get('product'), namePattern),
    locale: filterOf(parameters.get('locale'), localePattern),
    cursor: parameters.get('cursor')?.slice(0, cursorMax) || undefined,
    year: /^(?:19|20)\d{2}$/.test(given('year')) ? Number(given('year')) : undefined,
    timeZone: isZoneName(given('time_zone')) ? given('time_zone') : defaultState.timeZone,
    lang: chosenLanguage(search),
    ranks: windows.find((window) => window === given('ranks')) ?? defaultState.ranks,
    theme: themes.find((theme) => theme === given('theme')) ?? defaultState.theme,
    variant: variants.find((variant) => variant === given('variant')) ?? defaultState.variant,
    cardLanguage: cardLanguages.find((language) => language === given('card_lang')),
  }
}

const allParametersOf = ({
  timeZone,
  year,
  cardLanguage,
  ...rest
}: ProfileState): Record<string, string | undefined> => ({
  ...rest,
  time_zone: timeZone,
  year: year?.toString(),
  card_lang: cardLanguage,
})

/** The parameters of a state that differ from the defaults, by name. */
export const changedParametersOf = (state: ProfileState): Record<string, string> =>
  withoutDefaults(allParametersOf(state), { ...defaultState, time_zone: defaultState.timeZone })

/** All parameters in effect for a query, including defaults; undefined for those without a value. */
export const profileParameters: ParametersOf = (search) => allParametersOf(parseProfile(search))

/** The canonical address of a state on a user's page. */
export const profileAddress = (id: number, state: ProfileState): string =>
  `/users/${id}${queryString(changedParametersOf(state))}`

/** The part of the state that selects the listed contributions. */
type ListChange = Partial<Pick<ProfileState, 'type' | 'window' | 'period' | 'product' | 'locale'>>

/** The address that lists the contributions selected by `change`. Whatever `change` lacks is not filtered. */
export const listAddress = (id: number, state: ProfileState, change: ListChange): string => {
  const { type, window, period, product, locale } = defaultState
  const all = { type, window, period, product, locale, cursor: undefined }
  return `${profileAddress(id, { ...state, ...all, ...change })}#contributions`
}
