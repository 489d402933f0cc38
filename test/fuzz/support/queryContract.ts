import { readInstant } from './instantContract.ts'
import { isLocale, isProduct, isText, types } from './messageContract.ts'

/* A second implementation of the contract's parameters, without the project's schemas: which route takes which. */

/** Parses a parameter's value; undefined if it is invalid by the contract. */
type Meaning = (text: string) => unknown

const whole =
  (least: number, most: number): Meaning =>
  (text) => {
    const value = Number(text)
    return String(value) === text && Number.isInteger(value) && value >= least && value <= most
      ? value
      : undefined
  }

const windowLength: Meaning = (text) =>
  text === 'all' ? null : text.endsWith('d') ? whole(1, 3660)(text.slice(0, -1)) : undefined

const oneOf =
  (...values: string[]): Meaning =>
  (text) =>
    values.find((value) => value === text)

/** Days since 1970-01-01. */
const day: Meaning = (text) => {
  const midnight = /^[0-9-]*$/.test(text) ? readInstant(`${text}T00:00:00Z`) : undefined
  return midnight === undefined ? undefined : midnight / 86_400_000
}

const isZone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** Whether the contract decides about a value: only time zones that every runtime lists must be accepted. */
export const isCertain = (name: string, text: string): boolean =>
  name !== 'time_zone' || zones.has(text) || !isZone(text) || /^[+-]/.test(text)

/** An instant, or a day. */
const periodEnd: Meaning = (text) => {
  const [date, instant] = [day(text), readInstant(text)]
  if (date !== undefined) return { day: date }
  return instant === undefined ? undefined : { instant }
}

const weekMilliseconds = 7 * 86_400_000

/** The weeks of a year: those whose Thursday lies in it, in order, each by its Monday. */
const mondaysOf = (year: string): number[] => {
  const first = readInstant(`${year}-01-01T00:00:00Z`) ?? 0
  const mondays = Array.from({ length: 54 }, (_, index) => {
    const near = first / 86_400_000 - 7 + index * 7
    return near - ((((near + 3) % 7) + 7) % 7)
  })
  return mondays.filter((monday) => new Date((monday + 3) * 86_400_000).toISOString().slice(0, 4) === year)
}

/** The day after a date's month, quarter or year. */
const firstOfNext = (year: number, month: number): number =>
  new Date(0).setUTCFullYear(year, month, 1) / 86_400_000

const period: Meaning = (name) => {
  const [, year, kind, number] = /^(\d{4})(?:-([QW]?)(\d\d?))?$/.exec(name) ?? []
  if (year === undefined) return undefined
  if (kind === 'W') {
    const from = number?.length === 2 ? mondaysOf(year)[Number(number) - 1] : undefined
    return from === undefined ? undefined : { name, from, to: from + weekMilliseconds / 86_400_000 }
  }
  const months = { undefined: 12, Q: 3, '': 1 }[String(kind)] ?? 1
  const start = number === undefined ? 0 : (Number(number) - 1) * months
  const isWritten = number === undefined || number.length === (kind === 'Q' ? 1 : 2)
  if (!isWritten || start < 0 || start > 11) return undefined
  return { name, from: firstOfNext(Number(year), start), to: firstOfNext(Number(year), start + months) }
}

const username: Meaning = (text) => (isText(text, 254) ? text : undefined)

const search: Meaning = (text) => (Array.from(text).length > 1 && isText(text, 100) ? text : undefined)

/** At most 100 distinct IDs, each at its first place. */
const ids: Meaning = (text) => {
  const listed = [...new Set(text.split(',').map(whole(1, 2 ** 53 - 1)))]
  return listed.includes(undefined) || listed.length > 100 ? undefined : listed
}

const meanings = {
  after: whole(0, 2 ** 53 - 1),
  around: whole(1, 2 ** 53 - 1),
  as_of: readInstant,
  at_least: whole(0, 2 ** 53 - 1),
  // Opaque: only its length is checked here.
  cursor: (text) => (Array.from(text).length <= 2048 ? text : undefined),
  from: periodEnd,
  group: (text) => (text !== '' && isProduct(text) ? text : undefined),
  ids,
  interval: oneOf('day', 'week', 'month'),
  lang: oneOf('en', 'de', 'fr', 'es', 'pt', 'ja', 'zh', 'ar'),
  limit: whole(1, 1000),
  locale: (text) => (text === '' || isLocale(text) ? text : undefined),
  measure: oneOf('contributions', 'parents', 'days'),
  min: whole(1, 2 ** 53 - 1),
  period,
  product: (text) => (text === '' || isProduct(text) ? text : undefined),
  search,
  theme: oneOf('light', 'dark', 'auto'),
  time_zone: (text) => (zones.has(text) || (isZone(text) && /^[A-Za-z]/.test(text)) ? text : undefined),
  to: periodEnd,
  type: oneOf(...types),
  username,
  variant: oneOf('standard', 'compact', 'wide'),
  window: windowLength,
} satisfies Record<string, Meaning>
type Parameter = keyof typeof meanings

export const parameterNames = Object.keys(meanings)

/** The parameters of a route with their parsers. */
const takes = (names: string, own: Record<string, Meaning> = {}): Map<string, Meaning> => {
  const common = names.split(' ').filter((name): name is Parameter => Object.hasOwn(meanings, name))
  return new Map<string, Meaning>([
    ...common.map((name): [string, Meaning] => [name, meanings[name]]),
    ...Object.entries(own),
  ])
}

const activity = {
  rule: oneOf('support_forum_contributors', 'kb_contributors', 'l10n_contributors', 'active_contributors'),
  interval: oneOf('week', 'month', 'quarter', 'year'),
}

export const parametersOf: Record<string, Map<string, Meaning>> = {
  '/v1/users': takes('username search ids from to period time_zone as_of at_least'),
  '/v1/users/:id': takes('from to period time_zone as_of at_least'),
  '/v1/users/:id/contributions': takes(
    'type window from to period time_zone locale product as_of limit cursor at_least',
  ),
  '/v1/users/:id/calendar': takes('time_zone type at_least', { from: day, to: day }),
  '/v1/users/:id/card.svg': takes('theme variant lang locale product as_of at_least'),
  '/v1/users/:id/badge.json': takes(
    'type window from to period time_zone lang locale product as_of at_least',
  ),
  '/v1/definitions': takes(''),
  '/v1/leaderboards': takes(''),
  '/v1/leaderboards/:board': takes(
    'window from to period time_zone as_of locale product group measure around cursor at_least',
    {
      limit: whole(1, 100),
    },
  ),
  '/v1/metrics': takes('at_least'),
  '/v1/metrics/:metric': takes(
    'as_of locale product group window from to period time_zone measure min at_least',
  ),
  '/v1/metrics/:metric/users': takes(
    'as_of locale product group window from to period time_zone measure min at_least limit cursor',
  ),
  '/v1/metrics/:metric/history': takes('interval time_zone locale product group at_least', {
    from: day,
    to: day,
  }),
  '/v1/volume': takes('from to period time_zone type locale product group as_of at_least', {
    interval: oneOf('day', 'week', 'month', 'quarter', 'year'),
    group_by: oneOf('type', 'locale', 'product'),
  }),
  '/v1/community': takes('from to period time_zone locale product group as_of at_least', activity),
  '/v1/community/cohorts': takes('from to period time_zone locale product group as_of at_least', activity),
  '/v1/responses': takes('from to period time_zone locale product group as_of at_least', {
    interval: oneOf('day', 'week', 'month', 'quarter', 'year'),
  }),
  '/v1/status': takes(''),
  '/healthz': takes(''),
  '/v1/deliveries': takes(''),
  '/v1/log': takes('after', { limit: whole(1, 10_000) }),
}
