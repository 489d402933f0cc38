import { themes, type Theme } from '../../cards/cardOptions.ts'
import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import { formatWindowLength, parseWindowLength } from '../../contributions/window.ts'
import type { Language } from '../../definitions/languages.ts'
import { isZoneName } from '../formatters.ts'
import { queryString, withoutDefaults } from '../parts/queryString.ts'
import { chosenLanguage } from '../texts/texts.ts'
import { windows } from '../parts/titles.ts'

/** What a user's page shows. All of it is in the address, so that a view can be shared. */
export interface ProfileState {
  /** The type of the contributions that are listed; undefined for all types. */
  type: ContributionType | undefined
  /** The window of the contributions that are listed, as the API writes it: `90d`, or `all`. */
  window: string
  cursor: string | undefined
  /** The year of the calendar; undefined for the last 365 days. */
  year: number | undefined
  timeZone: string
  /** The language that the reader chose, if not the one of their browser. */
  lang: Language | undefined
  /** The window of the ranks. */
  ranks: string
  theme: Theme
}

const defaultState: ProfileState = {
  type: undefined,
  window: 'all',
  cursor: undefined,
  year: undefined,
  timeZone: 'UTC',
  lang: undefined,
  ranks: '90d',
  theme: 'auto',
}

const cursorMax = 2048

const windowOf = (text: string | null, fallback: string): string => {
  const length = parseWindowLength(text ?? '')
  return length === undefined ? fallback : formatWindowLength(length)
}

/** Parses an address's query. Missing and invalid parameters fall back to their defaults. */
export const parseProfile = (search: string): ProfileState => {
  const parameters = new URLSearchParams(search)
  const year = parameters.get('year') ?? ''
  const timeZone = parameters.get('time_zone') ?? ''
  const ranks = parameters.get('ranks')
  return {
    type: contributionTypes.find((type) => type === parameters.get('type')),
    window: windowOf(parameters.get('window'), defaultState.window),
    cursor: parameters.get('cursor')?.slice(0, cursorMax) || undefined,
    year: /^(?:19|20)\d{2}$/.test(year) ? Number(year) : undefined,
    timeZone: isZoneName(timeZone) ? timeZone : defaultState.timeZone,
    lang: chosenLanguage(search),
    ranks: windows.find((window) => window === ranks) ?? defaultState.ranks,
    theme: themes.find((theme) => theme === parameters.get('theme')) ?? defaultState.theme,
  }
}

const allParametersOf = ({ timeZone, year, ...rest }: ProfileState): Record<string, string | undefined> => ({
  ...rest,
  time_zone: timeZone,
  year: year?.toString(),
})

/** The parameters of a state that differ from the defaults, by name. */
export const changedParametersOf = (state: ProfileState): Record<string, string> =>
  withoutDefaults(allParametersOf(state), { ...defaultState, time_zone: defaultState.timeZone })

/** All parameters that a query leads to, defaults included. */
export const profileParameters = (search: string): Record<string, string> =>
  withoutDefaults(allParametersOf(parseProfile(search)), {})

/** The canonical address of a state on a user's page. */
export const profileAddress = (id: number, state: ProfileState): string =>
  `/users/${id}${queryString(changedParametersOf(state))}`
