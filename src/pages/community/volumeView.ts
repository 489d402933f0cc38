import { formatDay } from '../../contributions/calendar.ts'
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
  before: number
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

const contributionsOf = (points: readonly { contributions: number }[]): number =>
  sum(points.map(({ contributions }) => contributions))

/** A series with its totals. */
const totalOf = ({ name, points }: Series, from: string): VolumeTotal & Pick<Series, 'points'> => {
  const { done, before } = compare(points, from, ({ complete }) => complete)
  return { name: name ?? '', points, now: contributionsOf(done), before: contributionsOf(before) }
}

const isOther = ({ name }: VolumeTotal): number => Number(name === otherNames)

const viewOf = ({ as_of, series }: VolumeAnswer, from: string): VolumeView => {
  // Equal totals stay in the order of the answer.
  const all = series
    .map((one) => totalOf(one, from))
    .sort((one, other) => isOther(one) - isOther(other) || other.now - one.now)
  const own = all.length > namesMax + 1 ? all.slice(0, namesMax) : all
  const others = all.slice(own.length)
  const points = (series[0]?.points ?? []).map(({ date, complete }, index) => {
    const countIn = (some: typeof all): number =>
      sum(some.map((one) => one.points[index]?.contributions ?? 0))
    const counts = [...own.map((one) => countIn([one])), ...(others.length > 0 ? [countIn(others)] : [])]
    return { date, complete, counts, total: sum(counts) }
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
      return result.ok ? { ok: true, body: viewOf(result.body, formatDay(span.from)) } : result
    },
  }
}
