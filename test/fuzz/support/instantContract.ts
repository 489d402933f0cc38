const shape =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?<fraction>\.\d+)?(?<offset>[Zz]|[+-]\d\d:\d\d)$/

const minutesOf = (offset: string): number | undefined => {
  if (offset.length === 1) return 0
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number)
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const usualLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const lengthsOf = (year: number): number[] => (isLeapYear(year) ? usualLengths.with(1, 29) : usualLengths)

/** Days from the first day of the year 0 to the first of a year, by the leap years between. */
const daysBefore = (year: number): number =>
  year * 365 + Math.ceil(year / 4) - Math.ceil(year / 100) + Math.ceil(year / 400)

/** The day as days since 1970-01-01; undefined if no calendar has it. */
const dayOf = (year: number, month: number, day: number): number | undefined => {
  const lengths = lengthsOf(year)
  if (day < 1 || day > (lengths[month - 1] ?? 0)) return undefined
  const before = lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0)
  return daysBefore(year) - daysBefore(1970) + before + day - 1
}

const daySeconds = 86_400

/**
 * A second reader of RFC 3339, without Date: the instant in epoch milliseconds, or undefined. A leap second is allowed at the
 * end of a UTC day, and is the first instant of the next. The instant must lie in the years 0 to 9999 in UTC.
 */
export const readInstant = (text: string): number | undefined => {
  const parts = shape.exec(text)?.groups
  if (!parts) return undefined
  const { fraction = '.', offset = '' } = parts
  const number = (name: string): number => Number(parts[name])
  const [hour, minute, second] = [number('hour'), number('minute'), number('second')]
  const day = dayOf(number('year'), number('month'), number('day'))
  const ahead = minutesOf(offset)
  if (day === undefined || ahead === undefined || hour > 23 || minute > 59 || second > 60) return undefined
  const seconds = day * daySeconds + (hour * 60 + minute - ahead) * 60 + second
  const isLeap = second === 60
  if (isLeap && seconds % daySeconds !== 0) return undefined
  const isDated =
    seconds >= -daysBefore(1970) * daySeconds &&
    seconds < (daysBefore(10_000) - daysBefore(1970)) * daySeconds
  return isDated ? seconds * 1000 + (isLeap ? 0 : Number(fraction.slice(1, 4).padEnd(3, '0'))) : undefined
}
