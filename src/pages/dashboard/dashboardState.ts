import { parseUserId } from '../../contributions/user.ts'
import { intervals, parseDay, type Interval, parsePeriod } from '../../contributions/calendar.ts'
import { boards, metrics } from '../../definitions/definitions.ts'
import { formatWindowLength, parseWindowLength } from '../../contributions/instant.ts'
import type { Language } from '../../definitions/languages.ts'
import { isZoneName } from '../formatters.ts'
import { oneOf, queryString, textOf, withoutDefaults, type ParametersOf } from '../parts/queryString.ts'
import { chosenLanguage } from '../texts/texts.ts'
import { fittingInterval, isNamedRange, type Range } from './range.ts'

/** The numbers of entries that are shown around a user: the API takes odd ones up to 100. */
export const neighbourCounts = [11, 31, 99] as const

/** What the dashboard shows. The address contains all of it, so that a view can be shared. */
export interface DashboardState {
  /** The metric whose history is charted. */
  metric: string
  range: Range
  interval: Interval
  timeZone: string
  /** The language that the reader chose; undefined for that of their browser. */
  lang: Language | undefined
  locale: string | undefined
  product: string | undefined
  board: string
  /** In the API's form: `90d` or `all`. */
  window: string
  /** The calendar period of the leaderboards, used instead of the window, in the API's form: `2026-Q3`. */
  period: string | undefined
  /** The name or ID searched for. */
  search: string | undefined
  /** The user whose neighbours are shown. */
  around: number | undefined
  /** The number of entries shown around a user. */
  neighbours: (typeof neighbourCounts)[number]
  cursor: string | undefined
}

/** What `/` shows without parameters. */
export const defaultState: DashboardState = {
  metric: metrics.at(-1)?.metric ?? '',
  range: '1y',
  interval: 'day',
  timeZone: 'UTC',
  lang: undefined,
  locale: undefined,
  product: undefined,
  board: boards[0]?.board ?? '',
  window: '90d',
  period: undefined,
  search: undefined,
  around: undefined,
  neighbours: 11,
  cursor: undefined,
}

const rangeOf = (parameters: URLSearchParams): Range => {
  const [from, last] = [textOf(parameters, 'from'), textOf(parameters, 'last')]
  const [start, end] = [parseDay(from ?? ''), parseDay(last ?? '')]
  if (from && last && start !== undefined && end !== undefined && start <= end) return { from, last }
  const range = textOf(parameters, 'range') ?? ''
  return isNamedRange(range) ? range : defaultState.range
}

const windowOf = (text: string | undefined): string => {
  // The form sends "45" where the API expects "45d".
  const length = parseWindowLength(/^\d+$/.test(text ?? '') ? `${text}d` : (text ?? ''))
  return length === undefined ? defaultState.window : formatWindowLength(length)
}

/** A window in the place of a period: the form of the page has one field for both. */
const windowIn = (period: string | undefined): string | undefined =>
  parseWindowLength(period ?? '') === undefined ? undefined : period

/** Parses an address's query. Missing and invalid parameters fall back to their defaults. */
export const parseState = (search: string): DashboardState => {
  const parameters = new URLSearchParams(search)
  const range = rangeOf(parameters)
  const timeZone = textOf(parameters, 'time_zone') ?? ''
  const period = parsePeriod(textOf(parameters, 'period') ?? '')?.name
  const window = textOf(parameters, 'window') ?? windowIn(textOf(parameters, 'period'))
  const names = { metric: metrics.map(({ metric }) => metric), board: boards.map(({ board }) => board) }
  return {
    metric: oneOf(names.metric, textOf(parameters, 'metric'), defaultState.metric),
    range,
    interval: fittingInterval(range, oneOf(intervals, textOf(parameters, 'interval'), defaultState.interval)),
    timeZone: isZoneName(timeZone) ? timeZone : defaultState.timeZone,
    lang: chosenLanguage(search),
    locale: textOf(parameters, 'locale'),
    product: textOf(parameters, 'product'),
    board: oneOf(names.board, textOf(parameters, 'board'), defaultState.board),
    window: period === undefined ? windowOf(window) : defaultState.window,
    period,
    search: textOf(parameters, 'search'),
    around: parseUserId(textOf(parameters, 'around') ?? ''),
    neighbours:
      neighbourCounts.find((count) => String(count) === textOf(parameters, 'neighbours')) ??
      defaultState.neighbours,
    cursor: textOf(parameters, 'cursor'),
  }
}

const allParametersOf = (state: DashboardState): Record<string, string | undefined> => {
  const { timeZone, range, around, neighbours, ...rest } = state
  const days =
    typeof range === 'string' ? { range, from: undefined, last: undefined } : { range: undefined, ...range }
  return { ...rest, ...days, time_zone: timeZone, around: around?.toString(), neighbours: String(neighbours) }
}

/** The parameters of a state that differ from the defaults, by name. */
export const parametersOf = (state: DashboardState): Record<string, string> =>
  withoutDefaults(allParametersOf(state), allParametersOf(defaultState))

/** All parameters in effect for a query, including defaults; undefined for those without a value. */
export const dashboardParameters: ParametersOf = (search) => {
  const state = parseState(search)
  const window = windowIn(textOf(new URLSearchParams(search), 'period'))
  return { ...allParametersOf(state), period: state.period ?? window }
}

/** A state's canonical address. */
export const addressOf = (state: DashboardState): string => `/${queryString(parametersOf(state))}`

/** The state after a change to the leaderboards, which returns to their first page. */
export const boardChange = (state: DashboardState, change: Partial<DashboardState>): DashboardState => ({
  ...state,
  cursor: undefined,
  ...change,
})
