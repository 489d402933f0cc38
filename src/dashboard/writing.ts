/** How numbers and times are written for one visitor. */
export interface Writer {
  language: string
  timeZone: string
  number(value: number): string
  /** With its sign, zero without. */
  signed(value: number): string
  /** A calendar day, like "2026-03-01": day, month and year. */
  day(date: string): string
  /** A calendar day without its year. */
  dayOfYear(date: string): string
  /** A calendar day with its weekday. */
  weekday(date: string): string
  /** A calendar day's month, short. */
  month(date: string): string
  /** A calendar day's weekday, short. */
  weekdayName(date: string): string
  /** An RFC 3339 instant to the minute, in the visitor's time zone. */
  minute(instant: string): string
  /** The day of an RFC 3339 instant, in the visitor's time zone. */
  dayAt(instant: string): string
  /** An RFC 3339 instant to the second, with the zone's name. */
  instant(instant: string): string
}

/** Writes in a language (BCP 47) that Intl knows, with instants in an IANA time zone. */
export const writerOf = (language: string, timeZone: string): Writer => {
  const numbers = new Intl.NumberFormat(language)
  const signs = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' })
  const dates = (options: Intl.DateTimeFormatOptions, zone = 'UTC'): ((text: string) => string) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone })
    return (text) => format.format(new Date(text))
  }
  return {
    language,
    timeZone,
    number: (value) => numbers.format(value),
    signed: (value) => signs.format(value),
    day: dates({ day: 'numeric', month: 'short', year: 'numeric' }),
    dayOfYear: dates({ day: 'numeric', month: 'long' }),
    weekday: dates({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    month: dates({ month: 'short' }),
    weekdayName: dates({ weekday: 'short' }),
    minute: dates({ dateStyle: 'medium', timeStyle: 'short' }, timeZone),
    dayAt: dates({ day: 'numeric', month: 'short', year: 'numeric' }, timeZone),
    instant: dates(
      {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZoneName: 'short',
      },
      timeZone,
    ),
  }
}

/** The calendar day, like "2026-03-01", that an instant falls on in a time zone. */
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

/** Whether Intl can tell days in this time zone; offsets like "+01:00" are no names. */
export const isZoneName = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    // The API takes a name only as IANA writes it, "Europe/Berlin" but not "europe/BERLIN".
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
  } catch {
    return false
  }
}
