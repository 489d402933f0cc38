import { formatDay, parseDay, parsePeriod } from '../../contributions/calendar.ts'
import { metrics } from '../../definitions/definitions.ts'
import type { Language } from '../../definitions/languages.ts'
import { isZoneName } from '../formatters.ts'
import { oneOf, queryString, textOf, withoutDefaults, type ParametersOf } from '../parts/queryString.ts'
import { chosenLanguage } from '../texts/texts.ts'
import {
  communityIntervals,
  fittingInterval,
  intervalsMax,
  type CommunityInterval,
  type Range,
} from './range.ts'

/** What the chart of contributions is split by. */
export const splits = ['type', 'product', 'locale'] as const
export type Split = (typeof splits)[number]

/** What the community page shows. The address contains all of it, so that a view can be shared. */
export interface CommunityState {
  /** The metric whose rule defines what counts as activity. */
  rule: string
  interval: CommunityInterval
  range: Range
  timeZone: string
  /** The language that the reader chose; undefined for that of their browser. */
  lang: Language | undefined
  locale: string | undefined
  product: string | undefined
  group: string | undefined
  split: Split
}

const standardRule = 'active_contributors'

/** What `/community` shows without parameters. */
export const defaultState: CommunityState = {
  rule: (metrics.find(({ metric }) => metric === standardRule) ?? metrics[0])?.metric ?? '',
  interval: 'week',
  range: 12,
  timeZone: 'UTC',
  lang: undefined,
  locale: undefined,
  product: undefined,
  group: undefined,
  split: 'type',
}

/** The earliest possible date of a contribution. */
const firstDate = '2000-01-01'

/** The first and the last day of a period, as the API writes it; undefined if there is none. */
const daysOf = (parameters: URLSearchParams): { from: string; last: string } | undefined => {
  const period = parsePeriod(textOf(parameters, 'period') ?? '')
  return period && { from: formatDay(period.from), last: formatDay(period.to - 1) }
}

const rangeOf = (parameters: URLSearchParams): Range => {
  const given = { from: textOf(parameters, 'from') ?? '', last: textOf(parameters, 'last') ?? '' }
  const { from, last } = daysOf(parameters) ?? given
  const isRange = parseDay(from) !== undefined && parseDay(last) !== undefined
  if (isRange && from >= firstDate && from <= last && fittingInterval({ from, last }, 'year'))
    return { from, last }
  const count = textOf(parameters, 'intervals') ?? ''
  return /^[1-9]\d{0,2}$/.test(count) && Number(count) <= intervalsMax ? Number(count) : defaultState.range
}

/** Parses an address's query. Missing and invalid parameters fall back to their defaults. */
export const parseCommunity = (search: string): CommunityState => {
  const parameters = new URLSearchParams(search)
  const range = rangeOf(parameters)
  const timeZone = textOf(parameters, 'time_zone') ?? ''
  const rules = metrics.map(({ metric }) => metric)
  const interval = oneOf(communityIntervals, textOf(parameters, 'interval'), defaultState.interval)
  return {
    rule: oneOf(rules, textOf(parameters, 'rule'), defaultState.rule),
    interval: fittingInterval(range, interval) ?? 'year',
    range,
    timeZone: isZoneName(timeZone) ? timeZone : defaultState.timeZone,
    lang: chosenLanguage(search),
    locale: textOf(parameters, 'locale'),
    product: textOf(parameters, 'product'),
    group: textOf(parameters, 'group'),
    split: oneOf(splits, textOf(parameters, 'split'), defaultState.split),
  }
}

const allParametersOf = (state: CommunityState): Record<string, string | undefined> => {
  const { timeZone, range, ...rest } = state
  const shown =
    typeof range === 'number'
      ? { intervals: String(range), from: undefined, last: undefined }
      : { intervals: undefined, ...range }
  return { ...rest, ...shown, time_zone: timeZone }
}

/** The parameters of a state that differ from the defaults, by name. */
export const parametersOf = (state: CommunityState): Record<string, string> =>
  withoutDefaults(allParametersOf(state), allParametersOf(defaultState))

/** All parameters in effect for a query, including defaults; undefined for those without a value. A period selects its days. */
export const communityParameters: ParametersOf = (search) => {
  const [state, parameters] = [parseCommunity(search), new URLSearchParams(search)]
  const isPeriod = typeof state.range !== 'number' && daysOf(parameters)?.from === state.range.from
  return { ...allParametersOf(state), period: isPeriod ? textOf(parameters, 'period') : undefined }
}

/** A state's canonical address. */
export const communityAddress = (state: CommunityState): string =>
  `/community${queryString(parametersOf(state))}`
