import type { VolumeAnswer } from '../api/answers.ts'
import type { ApiQuery } from '../api/fetchApi.ts'
import { volumeAt } from './communityQueries.ts'
import type { CommunityState } from './communityState.ts'
import { compare, sum } from './comparison.ts'
import type { Span } from './range.ts'

/** How many names the chart tells apart; if there are more than one more, all others are one. */
const namesMax = 5

/** The contributions of one interval. */
interface VolumePoint {
  date: string
  complete: boolean
  /** For each of `VolumeView.names`. */
  counts: number[]
  total: number
}

/** The contributions under one name: in the intervals of the span that are over, and in as many before it. */
interface VolumeTotal {
  /** `…` for all that have no series of their own in the answer. */
  name: string
  now: number
  /** Undefined if there is not enough earlier data. */
  before?: number | undefined
}

/** What the panel of contributions shows of an answer that may be a hundred times as long. */
export interface VolumeView {
  as_of: string
  /** The names with most contributions; null for all others. */
  names: (string | null)[]
  /** The intervals of the span, and as many before. */
  points: VolumePoint[]
  /** Every name, most contributions first. */
  totals: VolumeTotal[]
}

type Series = VolumeAnswer['series'][number]

/** The name of the series of all names without one of their own. */
export const otherNames = '…'

/** How points of contributions are compared. */
export const volumeRules = {
  isOver: ({ complete }: { complete: boolean }) => complete,
  isActive: ({ total }: { total: number }) => total > 0,
}

interface Dated {
  date: string
}

/** The contributions of a series on some dates; undefined on none. */
const contributionsOn = (dates: readonly Dated[], { points }: Series): number | undefined => {
  if (dates.length === 0) return undefined
  const some = new Set(dates.map(({ date }) => date))
  return sum(points.map(({ date, contributions }) => (some.has(date) ? contributions : 0)))
}

const isOther = ({ name }: VolumeTotal): number => Number(name === otherNames)

const viewOf = ({ as_of, series }: VolumeAnswer, span: Span): VolumeView => {
  const whole = (series[0]?.points ?? []).map(({ date, complete }, index) => ({
    date,
    complete,
    total: sum(series.map(({ points }) => points[index]?.contributions ?? 0)),
  }))
  const compared = compare(whole, span, volumeRules)
  // Equal totals stay in the order of the answer.
  const all = series
    .map((one) => ({
      name: one.name ?? '',
      points: one.points,
      now: contributionsOn(compared.done, one) ?? 0,
      before: contributionsOn(compared.before, one),
    }))
    .sort((one, other) => isOther(one) - isOther(other) || other.now - one.now)
  const own = all.length > namesMax + 1 ? all.slice(0, namesMax) : all
  const others = all.slice(own.length)
  const points = whole.map(({ date, complete, total }, index) => {
    const countIn = (some: typeof all): number =>
      sum(some.map((one) => one.points[index]?.contributions ?? 0))
    const counts = [...own.map((one) => countIn([one])), ...(others.length > 0 ? [countIn(others)] : [])]
    return { date, complete, counts, total }
  })
  return {
    as_of,
    names: [...own.map(({ name }) => name), ...(others.length > 0 ? [null] : [])],
    points,
    totals: all.map(({ name, now, before }) => ({ name, now, before })),
  }
}

/** The contributions by type, product or locale, with the intervals before. */
export const volumeOf = (span: Span, state: CommunityState): ApiQuery<VolumeView> => {
  const { path, query } = volumeAt({ from: span.before, to: span.to }, state)
  return {
    key: path + query,
    load: async (fetchApi) => {
      const result = await fetchApi<VolumeAnswer>(path + query)
      return result.ok ? { ok: true, body: viewOf(result.body, span) } : result
    },
  }
}
