import type { Formatters } from '../formatters.ts'
import type { Texts } from '../texts/texts.ts'
import type { CommunityInterval } from './range.ts'

/** The texts and formatters for the reader's language. */
export interface Words {
  texts: Texts
  formatters: Formatters
}

const quarterOf = (date: string): number => Math.ceil(Number(date.slice(5, 7)) / 3)

/** The name of the interval that begins on a date, for an axis. */
export const shortIntervalName = (
  date: string,
  interval: CommunityInterval,
  { texts: { text }, formatters }: Words,
): string => {
  const year = date.slice(0, 4)
  switch (interval) {
    case 'week':
      return formatters.shortDay(date)
    case 'month':
      return formatters.monthOfYear(date)
    case 'quarter':
      return text('interval.name.quarter', { quarter: quarterOf(date), year })
    case 'year':
      return year
  }
}

/** The name of the interval that begins on a date, for a table or a sentence. */
export const intervalName = (date: string, interval: CommunityInterval, words: Words): string =>
  interval === 'week'
    ? words.texts.text('interval.name.week', { day: words.formatters.day(date) })
    : shortIntervalName(date, interval, words)
