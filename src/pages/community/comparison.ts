import { formatDay } from '../../contributions/calendar.ts'
import type { Span } from './range.ts'

interface Point {
  /** The first day of the interval that the point is for. */
  date: string
}

/** The points that a panel shows, and those that it compares them with. None lies before the first contribution, except in `shown`. */
export interface Compared<P> {
  /** Those of the span; those before the first contribution only if the span is exact. */
  shown: readonly P[]
  /** For each point that is shown, the one a span earlier. */
  earlier: readonly (P | undefined)[]
  /** For each point that is shown, the one before it. */
  previous: readonly (P | undefined)[]
  /** The points of the span that are over. */
  done: readonly P[]
  /** As many directly before the span; none if the first contribution is too late for so many. */
  before: readonly P[]
}

interface Rules<P> {
  /** Holds for a run of points from the first. */
  isOver: (point: P) => boolean
  /** Whether there were contributions; the points before the first such one say nothing. */
  isActive: (point: P) => boolean
}

/** Parts the points of an answer, in order of time, into those of a span and those before it. */
export const compare = <P extends Point>(
  points: readonly P[],
  { from, isExact }: Pick<Span, 'from' | 'isExact'>,
  { isOver, isActive }: Rules<P>,
): Compared<P> => {
  const active = points.findIndex(isActive)
  const first = active === -1 ? points.length : active
  const since = (index: number): P | undefined => (index < first ? undefined : points[index])
  const start = points.filter(({ date }) => date < formatDay(from)).length
  const count = points.length - start
  const known = Math.max(start, first)
  const open = points.findIndex((point, index) => index >= known && !isOver(point))
  const done = points.slice(known, open === -1 ? points.length : open)
  const begin = isExact ? start : known
  const shown = points.slice(begin)
  return {
    shown,
    earlier: shown.map((_, index) => since(begin + index - count)),
    previous: shown.map((_, index) => since(begin + index - 1)),
    done,
    before: start - first >= done.length ? points.slice(start - done.length, start) : [],
  }
}

/** Whether somebody was active in an interval, or in the one before it. */
export const hasPeople = ({ active, dormant }: { active: number; dormant: number }): boolean =>
  active + dormant > 0

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The mean; undefined of nothing. */
export const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length

/** The middle value, or the mean of the middle two; undefined of nothing. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  const half = sorted.length / 2
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1))
}

/** A part of a whole, from 0 to 1; undefined of nothing. */
export const share = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : part / whole
