import { formatDay } from '../../contributions/calendar.ts'
import type { LogStart } from '../api/logStart.ts'
import type { Span } from './range.ts'

interface Point {
  /** The first day of the point's interval. */
  date: string
}

/**
 * The points that a panel shows, and the points that it compares them with. Except in `shown`, none lies before the
 * first contribution, and none is cut by the beginning of the log.
 */
export interface Compared<P> {
  /** The points of the span. Those before the first contribution are included only if the span is exact. */
  shown: readonly P[]
  /** For each shown point, the point one span earlier. */
  earlier: readonly (P | undefined)[]
  /** For each shown point, the previous point. */
  previous: readonly (P | undefined)[]
  /** The points of the span whose intervals are over, and wholly in the log. */
  done: readonly P[]
  /** The same number of points directly before the span; empty if the log begins too recently for so many. */
  before: readonly P[]
}

interface Rules<P> {
  /** Whether a point's interval is over. True for the first points of the answer, and false for all after those. */
  isOver: (point: P) => boolean
  /** Whether there were contributions. Points before the first active one are not meaningful. */
  isActive: (point: P) => boolean
}

/** Whether the interval of a point begins before the log. */
export const isCut = ({ date }: Point, start: LogStart | undefined): boolean =>
  start !== undefined && date < start.whole

/** Divides the points of an answer, in chronological order, into those of a span and those before it. */
export const compare = <P extends Point>(
  points: readonly P[],
  { from, isExact, start: log }: Pick<Span, 'from' | 'isExact' | 'start'>,
  { isOver, isActive }: Rules<P>,
): Compared<P> => {
  const indexOf = (index: number): number => (index === -1 ? points.length : index)
  const active = indexOf(points.findIndex(isActive))
  const first = Math.max(active, indexOf(points.findIndex((point) => !isCut(point, log))))
  const since = (index: number): P | undefined => (index < first ? undefined : points[index])
  const start = points.filter(({ date }) => date < formatDay(from)).length
  const count = points.length - start
  const known = Math.max(start, first)
  const open = points.findIndex((point, index) => index >= known && !isOver(point))
  const done = points.slice(known, open === -1 ? points.length : open)
  const begin = isExact ? start : Math.max(start, active)
  const shown = points.slice(begin)
  return {
    shown,
    earlier: shown.map((_, index) => since(begin + index - count)),
    previous: shown.map((_, index) => since(begin + index - 1)),
    done,
    before: start - first >= done.length ? points.slice(start - done.length, start) : [],
  }
}

/** Whether anyone was active in an interval or in the previous one. */
export const hasPeople = ({ active, dormant }: { active: number; dormant: number }): boolean =>
  active + dormant > 0

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The mean; undefined if there are no values. */
export const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length

/** The middle value, or the mean of the middle two; undefined if there are no values. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  const half = sorted.length / 2
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1))
}

/** A share from 0 to 1; undefined if the whole is 0. */
export const share = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : part / whole
