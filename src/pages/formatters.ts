const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

const relative = (language: string, milliseconds: number): string => {
  const seconds = Math.min(Math.round(milliseconds / 1000), 0)
  const [unit, length] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
  const numeric = seconds === 0 ? 'auto' : 'always' // "now", but never "yesterday" for 47 hours
  return new Intl.RelativeTimeFormat(language, { numeric }).format(Math.trunc(seconds / length), unit)
}

/**
 * The name of a locale with its code, like "German (de)"; the code alone if it has no name. `names` is created on first
 * use, because that takes as long as many other formatters.
 */
const localesIn = (language: string): ((locale: string) => string) => {
  let names: Intl.DisplayNames | undefined
  return (locale) => {
    names ??= new Intl.DisplayNames(language, { type: 'language', fallback: 'none' })
    try {
      const name = names.of(locale)
      return name === undefined ? locale : `${name} (${locale})`
    } catch {
      return locale // not well-formed
    }
  }
}

/** Formatters for a language (BCP 47) that Intl supports, with instants in an IANA time zone. */
export const formattersFor = (language: string, timeZone: string) => {
  const numbers = new Intl.NumberFormat(language)
  const numeric = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const format = new Intl.NumberFormat(language, options)
    return (value) => format.format(value)
  }
  const signed = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const format = numeric({ ...options, signDisplay: 'exceptZero' })
    // Uses a real minus sign, as wide as the plus, instead of Intl's hyphen.
    return (value) => format(value).replace('-', '−')
  }
  const tenths = signed({ maximumFractionDigits: 1 })
  const hundredths = signed({ maximumFractionDigits: 2 })
  const alternatives = new Intl.ListFormat(language, { type: 'disjunction' })
  const dates = (options: Intl.DateTimeFormatOptions, zone = 'UTC'): ((text: string) => string) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone })
    return (text) => format.format(new Date(text))
  }
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  return {
    language,
    timeZone,
    number: (value: number): string => numbers.format(value),
    locale: localesIn(language),
    /* At most one decimal; two for a change that one would round to 0. A share of 0.5 is 50%. A change always has a sign. */
    decimal: numeric({ maximumFractionDigits: 1 }),
    share: numeric({ style: 'percent', maximumFractionDigits: 1 }),
    wholeShare: numeric({ style: 'percent', maximumFractionDigits: 0 }),
    change: (value: number): string => (Math.abs(value) < 0.05 ? hundredths : tenths)(value),
    relativeChange: signed({ style: 'percent', maximumFractionDigits: 0 }),
    /** A list of alternatives: "a, b, or c". */
    anyOf: (names: readonly string[]): string => alternatives.format(names),
    /* For a date like "2026-03-01". */
    day: dates(day),
    shortDay: dates({ day: 'numeric', month: 'short' }),
    weekday: dates({ ...day, weekday: 'short' }),
    month: dates({ month: 'short' }),
    monthOfYear: dates({ month: 'short', year: 'numeric' }),
    monthLetter: dates({ month: 'narrow' }),
    weekdayName: dates({ weekday: 'short' }),
    /* For an RFC 3339 instant, in the time zone. `instant` includes seconds and the name of the zone. */
    minute: dates({ ...day, hour: 'numeric', minute: '2-digit' }, timeZone),
    dayAt: dates(day, timeZone),
    /* The time since an instant, in the largest unit that fits: "3 minutes ago". An instant in the future, by a fast clock, is "now". */
    ago: (instant: string, now: string): string => relative(language, Date.parse(instant) - Date.parse(now)),
    /** The date, like "2026-03-01". */
    dateAt: (instant: string): string => dayIn(instant, timeZone),
    instant: dates(
      { ...day, hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
      timeZone,
    ),
  }
}
export type Formatters = ReturnType<typeof formattersFor>

/** The date, like "2026-03-01", of an instant in a time zone. */
export const dayIn = (instant: string, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(instant))
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

/** The time of day, like "14:05", of an instant in a time zone. */
export const clockIn = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(instant),
  )

/** The names of three capital letters that are IANA's. Intl also accepts ICU's, such as PST; the API does not. */
const shortZoneNames = /^(?:CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/

/** Whether this is the name of a time zone that Intl and the API support. Offsets like "+01:00" are not names. */
export const isZoneName = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name) || (/^[A-Z]{3}$/.test(name) && !shortZoneNames.test(name))) return false
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    // The API accepts a name only as IANA spells it: "Europe/Berlin" but not "europe/BERLIN".
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
  } catch {
    return false
  }
}
