import { standardWindows, type Span, type WindowLength } from '../contributions/instant.ts'
import { metrics } from '../definitions/definitions.ts'
import { notCaughtUp, type Result, LogUnavailable } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { promptMilliseconds, readPosition, runBatchWithin } from '../log/database.ts'
import { readFilterKnown } from '../log/queries/selection.ts'
import { callObject, rankingOf } from '../projections/objects.ts'
import type { ReadRequest } from '../projections/LogFollower.ts'
import type { LiveRanking } from '../projections/ranking/LiveRanking.ts'
import type { EventFilter, MeasureQuery } from './scanLog.ts'

/** The window lengths that LiveRanking objects serve: those of users' statistics, and each metric's own. */
const rollingDays = new Set<number>([...standardWindows, ...metrics.map(({ windowDays }) => windowDays)])

/**
 * Whether a LiveRanking object serves this window. Everything else is read from the log: other lengths, periods,
 * measures, groups and pairs of filters. Group members change, and callers can make up any number of the others, each
 * of which would need an object and a scan.
 */
export const isRolling = (
  span: Span,
  {
    locale,
    product,
    group,
    measure,
  }: Pick<EventFilter, 'locale' | 'product' | 'group'> & Partial<MeasureQuery>,
): span is { length: WindowLength } =>
  'length' in span &&
  (span.length === null || rollingDays.has(span.length)) &&
  (locale === undefined || product === undefined) &&
  group === undefined &&
  (measure === undefined || measure === 'contributions')

/** Filters known to match an event. The log is append-only, so a filter that has matched once always will. */
const matching = new Set<string>()
const matchingMax = 10_000

/**
 * Returns the log's position if no event has the requested locale or product. The ranking is then empty, and no object
 * is created for a made-up value. Returns undefined if there may be such events.
 */
const positionIfUnmatched = async ({
  env,
  query,
  timing,
}: Call<EventFilter>): Promise<number | undefined> => {
  const { locale, product } = query
  const filter = JSON.stringify([locale, product])
  if ((locale === undefined && product === undefined) || matching.has(filter)) return undefined
  try {
    const [position, isMatched] = await timing.time(
      'log',
      runBatchWithin(
        promptMilliseconds,
        env.DB,
        readPosition(env.DB),
        readFilterKnown(env.DB, { locale, product }),
      ),
    )
    if (!isMatched) return position
    if (matching.size < matchingMax) matching.add(filter)
  } catch (error) {
    // The object may still have the ranking from before the outage. If it is newly created, it stays empty.
    if (!(error instanceof LogUnavailable)) throw error
  }
  return undefined
}

/** The ranking to read: the name of a board or a metric, and a window. */
interface RankingChoice {
  of: string
  window: WindowLength
}

/** Reads from the LiveRanking object of a board or a metric. `empty` is the answer if no event matches the filter. */
export const readRanking = async <Found extends object>(
  call: Call<EventFilter>,
  { of, window: windowDays }: RankingChoice,
  empty: NoInfer<Found>,
  read: (
    ranking: DurableObjectStub<LiveRanking>,
    request: ReadRequest,
  ) => Promise<Result<Found & { position: number }>>,
): Promise<Result<Found & { position: number }>> => {
  const { now, env, timing, query } = call
  const atLeast = query.at_least
  const unmatched = await positionIfUnmatched(call)
  if (unmatched !== undefined)
    return unmatched < atLeast ? notCaughtUp(unmatched, atLeast) : { ...empty, position: unmatched }
  const { locale = null, product = null } = query
  return await timing.time(
    'object',
    callObject(
      () => rankingOf(env, { of, windowDays, locale, product }),
      async (ranking) => read(ranking, { now, atLeast }),
    ),
  )
}
