import type { Filter, Oracle, SentContribution } from './oracle.ts'
import { daysAfter, dayOf, intervalsOf, startOf } from './oracleCalendar.ts'

/* Volume by brute force. */

export type IntervalName = keyof ReturnType<typeof intervalsOf>
export type GroupName = 'type' | 'locale' | 'product'

/** What GET /v1/volume is asked. */
export interface VolumeQuestion {
  from: number
  to: number
  interval: IntervalName
  timeZone: string
  groupBy: GroupName | undefined
  type: string | undefined
  filter: Filter
  /** The instant that the answer is for. */
  asOf: number
}

/** The first day of the interval after that of a day. */
const nextOf = (first: string, interval: IntervalName): string => {
  let day = first
  while (intervalsOf(day)[interval] === first) day = daysAfter(day, 1)
  return day
}

/** The intervals that a range touches, in order of their first days. Months and years differ in length. */
const touched = ({ from, to, interval, timeZone }: VolumeQuestion): [first: string, end: number][] => {
  const found: [string, number][] = []
  if (from >= to) return found
  let first = intervalsOf(dayOf(from, timeZone))[interval]
  while (startOf(first, timeZone) < to) {
    const next = nextOf(first, interval)
    const [start, end] = [startOf(first, timeZone), startOf(next, timeZone)]
    if (start < end) found.push([first, end])
    first = next
  }
  return found
}

const nameOf = (one: SentContribution, groupBy: GroupName): string =>
  groupBy === 'type' ? one.type : (one[groupBy] ?? '')

/** The series of an answer. At most `most` names have one of their own. */
export const volumeOf = (oracle: Oracle, question: VolumeQuestion, most = 50): object[] => {
  const { from, to, interval, timeZone, groupBy, type, filter, asOf } = question
  const matching = oracle.effective().filter((one) => {
    const at = Date.parse(one.occurred_at)
    return (
      at >= from &&
      at < to &&
      oracle.isCounted(one.user.id) &&
      (type ?? one.type) === one.type &&
      (filter.locale ?? one.locale ?? '') === (one.locale ?? '') &&
      (filter.product ?? one.product ?? '') === (one.product ?? '') &&
      (filter.group === undefined || oracle.isIn(one.user.id, filter.group))
    )
  })
  const pointsOf = (own: readonly SentContribution[]): object[] =>
    touched(question).map(([date, end]) => {
      const inside = own.filter(
        (one) => intervalsOf(dayOf(Date.parse(one.occurred_at), timeZone))[interval] === date,
      )
      const contributors = new Set(inside.map((one) => one.user.id)).size
      return { date, contributions: inside.length, contributors, complete: end <= asOf }
    })
  if (groupBy === undefined) return [{ name: null, points: pointsOf(matching) }]
  const named = [...Map.groupBy(matching, (one) => nameOf(one, groupBy))].sort(
    ([one, ones], [other, others]) => others.length - ones.length || (one < other ? -1 : 1),
  )
  const rest = named.slice(most).flatMap(([, own]) => own)
  const series = named.slice(0, most).map(([name, own]) => ({ name, points: pointsOf(own) }))
  return rest.length === 0 ? series : [...series, { name: '…', points: pointsOf(rest) }]
}
