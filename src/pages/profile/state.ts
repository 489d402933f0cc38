import { themes, type Theme } from '../../cards/themes.ts'
import { contributionTypes, type ContributionType } from '../../contributions/contribution.ts'
import { formatWindowLength, parseWindowLength, standardWindows } from '../../contributions/window.ts'
import { isZoneName } from '../formatters.ts'

/** The windows that a page about a user knows, shortest first. */
export const profileWindows = [...standardWindows.map((days) => formatWindowLength(days)), 'all']

/** What a user's page shows beside their totals. All of it stands in the address. */
export interface ProfileState {
  /** The number whose contributions are listed: a type, or every one, in a window. */
  type: ContributionType | undefined
  window: string
  cursor: string | undefined
  /** The year of the calendar; undefined for the 365 days that end with today. */
  year: number | undefined
  timeZone: string
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
  ranks: '90d',
  theme: 'auto',
}

const cursorMax = 2048

const windowOf = (text: string | null, otherwise: string): string => {
  const length = parseWindowLength(text ?? '')
  return length === undefined ? otherwise : formatWindowLength(length)
}

/** Reads an address's query. What is missing or makes no sense falls back to what a bare address shows. */
export const parseProfile = (search: string): ProfileState => {
  const given = new URLSearchParams(search)
  const year = given.get('year') ?? ''
  const timeZone = given.get('time_zone') ?? ''
  const ranks = given.get('ranks')
  return {
    type: contributionTypes.find((type) => type === given.get('type')),
    window: windowOf(given.get('window'), defaultState.window),
    cursor: given.get('cursor')?.slice(0, cursorMax) || undefined,
    year: /^(?:19|20)\d{2}$/.test(year) ? Number(year) : undefined,
    timeZone: isZoneName(timeZone) ? timeZone : defaultState.timeZone,
    ranks: profileWindows.find((window) => window === ranks) ?? defaultState.ranks,
    theme: themes.find((theme) => theme === given.get('theme')) ?? defaultState.theme,
  }
}

/** The parameters of a state that differ from what a bare address shows, by name. */
export const profileParameters = (state: ProfileState): Record<string, string> => {
  const { timeZone, year, ...rest } = state
  const all = { ...rest, time_zone: timeZone, year: year?.toString() }
  const usual: Record<string, unknown> = { ...defaultState, time_zone: defaultState.timeZone }
  return Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== usual[entry[0]],
    ),
  )
}

/** A state's address on the page of a user, without what goes without saying. */
export const profileAddress = (id: number, state: ProfileState): string => {
  const query = new URLSearchParams(profileParameters(state)).toString()
  return query === '' ? `/users/${id}` : `/users/${id}?${query}`
}
