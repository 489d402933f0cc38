interface Point {
  /** The first day of the interval that the point is for. */
  date: string
}

/** The points that a panel shows, and those that it compares them with. */
export interface Compared<P> {
  shown: readonly P[]
  /** For each point that is shown, the one as many intervals earlier as are shown. */
  earlier: readonly (P | undefined)[]
  /** For each point that is shown, the one before it. */
  previous: readonly (P | undefined)[]
  /** The points that are shown and over, and as many directly before the first that is shown. */
  done: readonly P[]
  before: readonly P[]
}

/** Parts the points of an answer, in order of time, at the date from which they are shown. `isOver` holds for a run of them from the first. */
export const compare = <P extends Point>(
  points: readonly P[],
  from: string,
  isOver: (point: P) => boolean,
): Compared<P> => {
  const start = points.filter(({ date }) => date < from).length
  const shown = points.slice(start)
  const open = shown.findIndex((point) => !isOver(point))
  const done = open === -1 ? shown : shown.slice(0, open)
  return {
    shown,
    earlier: shown.map((_, index) => points[start + index - shown.length]),
    previous: shown.map((_, index) => points[start + index - 1]),
    done,
    before: points.slice(Math.max(start - done.length, 0), start),
  }
}

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
