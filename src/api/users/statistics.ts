import * as z from 'zod/mini'
import { parseUserId, type Profile } from '../../contributions/user.ts'
import {
  afterAllEvents,
  formatInstant,
  type Instant,
  formatWindowLength,
  standardWindows,
  windowOf,
  type Window,
} from '../../contributions/instant.ts'
import { forEachType } from '../../definitions/definitions.ts'
import { isFailure, notCaughtUp, type Failure, type Result, LogUnavailable } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import type { Call } from '../../http/endpoint.ts'
import { promptMilliseconds, readPosition, runBatchWithin } from '../../log/database.ts'
import { readProfiles } from '../../log/queries/users.ts'
import { aboutUser, type Holds } from '../../memory/AnswerMemory.ts'
import { countFromLog } from '../../projections/user/countFromLog.ts'
import type { CounterAnswer, UserStatistics } from '../../projections/user/UserCounter.ts'
import { earliest, latest, type InstantByType } from '../../projections/user/userCounts.ts'
import { formatNullable, formatWindow, type Moment, asOfParameter } from '../moment.ts'
import { atLeastParameter } from '../parameters.ts'
import { periodParameters } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './readCounter.ts'

/** The parameters of endpoints that return users' statistics. */
export const statisticsParameters = {
  ...periodParameters,
  as_of: asOfParameter,
  at_least: atLeastParameter,
}

const documents = shape.counted('How many distinct documents the user’s edits belong to')

const instants = (which: 'first' | 'last') =>
  z
    .strictObject(
      forEachType(({ one }) =>
        described(z.nullable(shape.instant), `When the ${which} ${one} happened; null if there is none`),
      ),
    )
    .register(documented, {
      description: `When the ${which} contribution of each type happened; null if there is none`,
    })

const periodCounts: z.ZodMiniType<Record<string, unknown>> = z
  .strictObject({
    window: shape.window,
    total: shape.counted('How many of all types'),
    ...shape.countedByType(),
    documents,
  })
  .register(documented, { id: 'PeriodCounts', description: 'The counts in the requested period' })

/** A user's statistics as answers show them. */
export const statistics = z
  .strictObject({
    user: shape.user,
    ...shape.moment,
    complete: z.boolean().register(documented, {
      description: 'Whether the history of every type has been declared complete',
    }),
    first_contribution_at: z.nullable(shape.instant).register(documented, {
      description: 'When the first contribution happened; null if there is none',
    }),
    last_contribution_at: z.nullable(shape.instant).register(documented, {
      description: 'When the last contribution happened; null if there is none',
    }),
    first: instants('first'),
    last: instants('last'),
    lifetime: shape.counts,
    windows: z
      .strictObject(
        Object.fromEntries(standardWindows.map((days) => [formatWindowLength(days), shape.counts])),
      )
      .register(documented, { description: 'The counts of the last 7, 30, 90 and 365 days of 24 hours' }),
    period: z.optional(periodCounts),
    documents,
  })
  .register(documented, {
    id: 'UserStatistics',
    description: 'The statistics of a user; only contributions that stand count',
  })

const formatInstants = (given: InstantByType) =>
  forEachType(({ type }) => formatNullable(given[type] ?? null))

const toItem = (
  { user, position, complete, counts, period }: UserStatistics & { position: number },
  asked: Window | undefined,
  moment: Moment,
) => {
  const windows = standardWindows.map((days, index) => [formatWindowLength(days), counts.windows[index]])
  return {
    user,
    as_of: formatInstant(moment.asOf),
    position,
    complete,
    first_contribution_at: formatNullable(earliest(counts.first)),
    last_contribution_at: formatNullable(latest(counts.last)),
    first: formatInstants(counts.first),
    last: formatInstants(counts.last),
    lifetime: counts.lifetime,
    windows: Object.fromEntries(windows),
    ...(asked &&
      period && {
        period: {
          window: formatWindow({ period: asked }, moment),
          ...period.counts,
          documents: period.documents,
        },
      }),
    documents: counts.documents,
  }
}

type StatisticsCall = Call<{ at_least: number; as_of?: Instant | undefined }>

/** Counts the user in the path in the log. Returns undefined if their counter has to answer. */
const countInLog = async ({
  env,
  now,
  params,
  query,
  timing,
  logCounts,
  runInBackground,
}: StatisticsCall): Promise<CounterAnswer<UserStatistics> | undefined> => {
  const id = parseUserId(params['id'] ?? '')
  if (id === undefined || logCounts === undefined) return undefined
  const request = { now, atLeast: query.at_least }
  const found = await logCounts.read(id, async () =>
    timing.time('log', countFromLog(env.DB, id, request, query.as_of)),
  )
  runInBackground(logCounts.refreshCounters(env))
  return found
}

/** Reads the statistics of the user in the path, with those of a period if one is requested. */
export const readStatistics = async (
  call: StatisticsCall,
  asked: Window | undefined,
  moment: Moment,
): Promise<Result<{ item: ReturnType<typeof toItem>; ageSeconds: number; holds: Holds | undefined }>> => {
  const { as_of: asOf } = call.query
  const period = asked && windowOf({ period: asked }, moment.asOf, moment.live)
  const found =
    (period ? undefined : await countInLog(call)) ??
    (await readCounter(call, async (counter, request): Promise<CounterAnswer<UserStatistics>> =>
      counter.count(request, asOf, period),
    ))
  if (isFailure(found)) return found
  const until = moment.live ? found.counts.validUntil : afterAllEvents
  return {
    item: toItem(found, asked, moment),
    ageSeconds: found.ageSeconds,
    holds: aboutUser(until, found.reflects),
  }
}

/**
 * The IDs that belong to known users, and the log's position. Prevents made-up IDs from creating objects. While D1 is
 * down, returns all IDs, because their objects may still have numbers from before the outage.
 */
const readKnown = async (
  { env, timing }: StatisticsCall,
  ids: readonly number[],
): Promise<{ known: readonly number[]; position: number | undefined }> => {
  try {
    const query: Promise<[Map<number, Profile>, number]> = runBatchWithin(
      promptMilliseconds,
      env.DB,
      readProfiles(env.DB, ids),
      readPosition(env.DB),
    )
    const [profiles, position] = await timing.time('log', query)
    return { known: ids.filter((id) => profiles.has(id)), position }
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
    return { known: ids, position: undefined }
  }
}

type Read = Awaited<ReturnType<typeof readStatistics>>

/**
 * Reads the statistics of several users, in the order of `ids`. Unknown and erased users are left out. `position` is
 * the lowest that any of the statistics reflects.
 */
export const readManyStatistics = async (
  call: StatisticsCall,
  ids: readonly number[],
  period: Window | undefined,
  moment: Moment,
): Promise<Result<{ found: Exclude<Read, Failure>[]; position: number }>> => {
  const atLeast = call.query.at_least
  const { known, position } = await readKnown(call, ids)
  const read = await Promise.all(
    known.map(async (id) =>
      readStatistics({ ...call, params: { id: String(id) }, logCounts: undefined }, period, moment),
    ),
  )
  const failure = read.filter(isFailure).find((one) => one.failure !== 'not-found')
  if (failure) return failure
  const found = read.flatMap((one) => (isFailure(one) ? [] : [one]))
  const reflected = found.length === 0 ? position : Math.min(...found.map(({ item }) => item.position))
  if (reflected === undefined || reflected < atLeast) return notCaughtUp(reflected ?? 0, atLeast)
  return { found, position: reflected }
}
