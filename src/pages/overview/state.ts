import { parseDay } from '../../contributions/calendar.ts'
import { boards, metrics } from '../../contributions/definitions.ts'
import { formatWindowLength, parseWindowLength } from '../../contributions/window.ts'
import { isZoneName } from '../formatters.ts'
import { fittingInterval, intervals, isNamedRange, type Interval, type Range } from './range.ts'

/** What the dashboard shows. All of it stands in the address, so that a view can be shared. */
export interface DashboardState {
  /** The metric whose history is charted. */
  metric: string
  range: Range
  interval: Interval
  timeZone: string
  locale: string | undefined
  product: string | undefined
  board: string
  /** As the API writes it: `90d`, or `all`. */
  window: string
  /** A user name or an id that was searched for. */
  search: string | undefined
  /** The user whose neighbours are shown. */
  around: number | undefined
  cursor: string | undefined
}

/** What a bare `/` shows. */
export const defaultState: DashboardState = {
  metric: metrics.at(-1)?.metric ?? '',
  range: '1y',
  interval: 'day',
  timeZone: 'UTC',
  locale: undefined,
  product: undefined,
  board: boards[0]?.board ?? '',
  window: '90d',
  search: undefined,
  around: undefined,
  cursor: undefined,
}

/** The longest text that is taken from an address; the API refuses anything longer anyway. */
const textMax = 2048

const textOf = (given: URLSearchParams, name: string): string | undefined => {
  const text = given.get(name)?.trim().slice(0, textMax)
  return text === '' ? undefined : text
}

const oneOf = <Value extends string>(
  values: readonly Value[],
  text: string | undefined,
  otherwise: Value,
): Value => values.find((value) => value === text) ?? otherwise

const rangeOf = (given: URLSearchParams): Range => {
  const [from, last] = [textOf(given, 'from'), textOf(given, 'last')]
  const [start, end] = [parseDay(from ?? ''), parseDay(last ?? '')]
  if (from && last && start !== undefined && end !== undefined && start <= end) return { from, last }
  const range = textOf(given, 'range') ?? ''
  return isNamedRange(range) ? range : defaultState.range
}

const windowOf = (text: string | undefined): string => {
  // A person types "45" where the API wants "45d".
  const length = parseWindowLength(/^\d+$/.test(text ?? '') ? `${text}d` : (text ?? ''))
  return length === undefined ? defaultState.window : formatWindowLength(length)
}

const idOf = (text: string | undefined): number | undefined => {
  const id = /^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

/** Reads an address's query. What is missing or makes no sense falls back to what a bare `/` shows. */
export const parseState = (search: string): DashboardState => {
  const given = new URLSearchParams(search)
  const range = rangeOf(given)
  const timeZone = textOf(given, 'time_zone') ?? ''
  const names = { metric: metrics.map(({ metric }) => metric), board: boards.map(({ board }) => board) }
  return {
    metric: oneOf(names.metric, textOf(given, 'metric'), defaultState.metric),
    range,
    interval: fittingInterval(range, oneOf(intervals, textOf(given, 'interval'), defaultState.interval)),
    timeZone: isZoneName(timeZone) ? timeZone : defaultState.timeZone,
    locale: textOf(given, 'locale'),
    product: textOf(given, 'product'),
    board: oneOf(names.board, textOf(given, 'board'), defaultState.board),
    window: windowOf(textOf(given, 'window')),
    search: textOf(given, 'search'),
    around: idOf(textOf(given, 'around')),
    cursor: textOf(given, 'cursor'),
  }
}

/** The parameters of a state that differ from what a bare `/` shows, by name. */
export const parametersOf = (state: DashboardState): Record<string, string> => {
  const { timeZone, range, around, ...rest } = state
  const named = typeof range === 'string' ? { range } : range
  const all = { ...rest, ...named, time_zone: timeZone, around: around?.toString() }
  const usual: Record<string, unknown> = { ...defaultState, time_zone: defaultState.timeZone }
  const unusual = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== usual[entry[0]],
  )
  return Object.fromEntries(unusual)
}

/** A state's address, without what goes without saying. */
export const addressOf = (state: DashboardState): string => {
  const query = new URLSearchParams(parametersOf(state)).toString()
  return query === '' ? '/' : `/?${query}`
}

/** Another part of the leaderboards: from its first page, without the search. */
export const boardChange = (state: DashboardState, change: Partial<DashboardState>): DashboardState => ({
  ...state,
  cursor: undefined,
  ...change,
})
