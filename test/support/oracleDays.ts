import { daysAfter, daysBetween, dayOf } from './oracleCalendar.ts'
import { metricRules, type Oracle, type SentContribution } from './oracle.ts'

/* Numbers by calendar day, by brute force. */

/** A range of calendar days in a time zone. */
export interface Days {
  from: string
  to: string
  timeZone: string
}

/** The days on which a user contributed, and the runs of such days; of one type or of all. */
export const calendarOf = (
  oracle: Oracle,
  id: number,
  { from, to, timeZone }: Days,
  type?: string,
): object => {
  const counts = new Map<string, number>()
  for (const { occurred_at } of oracle.listed(id, { from: null, to: null }, type)) {
    const date = dayOf(Date.parse(occurred_at), timeZone)
    if (date >= from && date < to) counts.set(date, (counts.get(date) ?? 0) + 1)
  }
  const days = [...counts].sort(([left], [right]) => (left < right ? -1 : 1))
  // The run that ends on each day of the range.
  let run = 0
  const runs = daysBetween(from, to).map((date) => (run = counts.has(date) ? run + 1 : 0))
  return {
    days: days.map(([date, count]) => ({ date, count })),
    total: days.reduce((sum, [, count]) => sum + count, 0),
    current_streak: runs.at(-1) || (runs.at(-2) ?? 0),
    longest_streak: Math.max(...runs),
  }
}

const metricDays = 30

/** A metric on each day of a range: how many users contributed enough in the 30 days before it. */
export const historyOf = (
  oracle: Oracle,
  metric: string,
  { from, to, timeZone }: Days,
  matches: (one: SentContribution) => boolean,
): { date: string; value: number }[] => {
  const [rule, least] = metricRules[metric] ?? [() => false, 1]
  const first = daysAfter(from, -metricDays)
  const dated = oracle
    .effective()
    .filter((one) => rule(one) && matches(one) && oracle.isCounted(one.user.id))
    .map((one) => ({ id: one.user.id, date: dayOf(Date.parse(one.occurred_at), timeZone) }))
    .filter(({ date }) => date >= first && date < to)
  return daysBetween(from, to).map((date) => {
    const start = daysAfter(date, -metricDays)
    const byUser = Map.groupBy(
      dated.filter((one) => one.date >= start && one.date < date),
      ({ id }) => id,
    )
    return { date, value: [...byUser.values()].filter((listed) => listed.length >= least).length }
  })
}
