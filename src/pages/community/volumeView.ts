import type { VolumeAnswer } from '../api/answers.ts'
import type { ApiQuery } from '../api/fetchApi.ts'
import { volumeAt } from './communityQueries.ts'
import type { CommunityState } from './communityState.ts'
import { compare, sum } from './comparison.ts'
import type { Span } from './range.ts'

/** The number of names that the chart distinguishes. If there are at least two more, these are combined. */
const namesMax = 5

/** The contributions of one interval. */
interface VolumePoint {
  date: string
  complete: boolean
  /** One count per entry of `VolumeView.names`. */
  counts: number[]
  total: number
}

/** The contributions under one name: in the finished intervals of the span, and in as many intervals before it. */
interface VolumeTotal {
  /** `…` for all names without a series of their own in the answer. */
  name: string
  now: number
  /** Undefined if there is not enough earlier data. */
  before?: number | undefined
}

/** What the contributions panel shows, extracted from an answer that may be a hundred times larger. */
export interface VolumeView {
  as_of: string
  /** The names with the most contributions; null stands for all others. */
  names: (string | null)[]
  /** The intervals of the span, and as many before it. */
  points: VolumePoint[]
  /** Every name, most contributions first. */
  totals: VolumeTotal[]
}

type Series = VolumeAnswer['series'][number]

/** The name of the series for all names without one of their own. */
export const otherNames = '…'

/** The comparison rules for points of contributions. */
export const volumeRules = {
  isOver: ({ complete }: { complete: boolean }) => complete,
  isActive: ({ total }: { total: number }) => total > 0,
}

interface Dated {
  date: string
}

/** The contributions of a series on some dates; undefined if there are no dates. */
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
  // The sort is stable, so equal totals stay in the order of the answer.
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

/** The contributions by type, product or locale, in a span and in the intervals before it. */
export const volumeOf = (span: Span, state: CommunityState): ApiQuery<VolumeView> => {
  const { path, query } = volumeAt({ from: span.before, to: span.to }, state)
  return {
    key: `${path}${query} ${span.start?.whole}`,
    load: async (fetchApi) => {
      const result = await fetchApi<VolumeAnswer>(path + query)
      return result.ok ? { ok: true, body: viewOf(result.body, span) } : result
    },
  }
}
