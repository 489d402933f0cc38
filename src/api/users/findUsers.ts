import * as z from 'zod/mini'
import { formatInstant } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import type { Window } from '../../contributions/window.ts'
import { invalidParameter, isFailure, notCaughtUp, type Failure, type Result } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { LogUnavailable, readPosition, runBatch } from '../../log/database.ts'
import { findUsersByName, readProfiles } from '../../log/users.ts'
import { freshnessOf, momentOf, type Moment } from '../moment.ts'
import { periodOf } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readStatistics, statistics, statisticsParameters } from './statistics.ts'
import { userIdOf } from './userCounter.ts'

const useName = 'use a username of 1 to 254 characters'
const idsMax = 100
const useIds = `use at most ${idsMax} user IDs separated by commas, like 1,2,3`

/** The distinct user IDs of a list, in order; undefined if one is no ID. */
const parseIds = (text: string): number[] | undefined => {
  const ids = text.split(',').map(userIdOf)
  return ids.includes(undefined) ? undefined : [...new Set(ids.filter((id) => id !== undefined))]
}

const querySchema = z.strictObject({
  username: z
    .optional(z.string({ error: useName }).check(z.regex(/^[^\p{Cc}\p{Cs}]{1,254}$/u, { error: useName })))
    .register(documented, { description: 'A whole username; case is ignored' }),
  ids: z
    .optional(
      z.pipe(
        z
          .string()
          .check(z.refine((text) => (parseIds(text)?.length ?? Infinity) <= idsMax, { error: useIds })),
        z.transform((text) => parseIds(text) ?? []),
      ),
    )
    .register(documented, {
      description: `User IDs separated by commas, at most ${idsMax} distinct ones: gives the statistics of each`,
    }),
  ...statisticsParameters,
})
type Query = z.infer<typeof querySchema>

const answer = z.strictObject({
  users: z.union([
    z.array(shape.user).check(z.maxLength(20)),
    z.array(statistics).check(z.maxLength(idsMax)),
  ]),
  ...shape.moment,
})

/** What is wrong with a query that does not say whom it looks for, or says it twice, or asks a name for numbers. */
const misuseOf = (query: Query): Failure | undefined => {
  const { username, ids, from, to, period, as_of } = query
  if (username === undefined && ids === undefined)
    return invalidParameter('username', 'Cannot find users without a name or IDs: use username or ids')
  if (ids !== undefined)
    return username === undefined
      ? undefined
      : invalidParameter('ids', 'Cannot use ids together with username: leave one of them out')
  const [unused] = Object.entries({ from, to, period, as_of }).find(([, value]) => value !== undefined) ?? []
  return unused === undefined
    ? undefined
    : invalidParameter(unused, `Cannot use ${unused} without ids: it changes only their statistics`)
}

const findByName = async ({ env, now, query, timing }: Call<Query>, username: string) => {
  const [users, position] = await timing.time(
    'log',
    runBatch(env.DB, findUsersByName(env.DB, username), readPosition(env.DB)),
  )
  if (position < query.at_least) return notCaughtUp(position, query.at_least)
  return { body: { users, as_of: formatInstant(now), position }, freshness: 'live' as const }
}

/**
 * The users among some IDs whom a message has named, and the log's position. No object is created for an ID that a caller
 * made up, unless D1 cannot tell: then objects may still hold the numbers from before the outage.
 */
const readKnown = async (
  { env, timing }: Call<Query>,
  ids: readonly number[],
): Promise<{ known: readonly number[]; position: number | undefined }> => {
  try {
    const query: Promise<[Map<number, Profile>, number]> = runBatch(
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

const readMany = async (
  call: Call<Query>,
  ids: readonly number[],
  period: Window | undefined,
  moment: Moment,
): Promise<Result<{ found: Exclude<Read, Failure>[]; position: number }>> => {
  const atLeast = call.query.at_least
  const { known, position } = await readKnown(call, ids)
  const read = await Promise.all(
    known.map(async (id) => readStatistics({ ...call, params: { id: String(id) } }, period, moment)),
  )
  const failure = read.filter(isFailure).find((one) => one.failure !== 'not-found')
  if (failure) return failure
  const found = read.flatMap((one) => (isFailure(one) ? [] : [one]))
  const reflected = found.length === 0 ? position : Math.min(...found.map(({ item }) => item.position))
  if (reflected === undefined || reflected < atLeast) return notCaughtUp(reflected ?? 0, atLeast)
  return { found, position: reflected }
}

/** `GET /v1/users?username=` and `?ids=`. */
export const findUsers = endpoint({
  id: 'findUsers',
  tag: 'Users',
  summary: 'Find users by username, or get the statistics of several',
  description:
    'With `username`, the users with exactly this username, ignoring case (as Unicode defines it), by ID: at most 20, hidden users included. With `ids`, the statistics of each of these users in the order given, once each; unknown and erased users are left out. Exactly one of the two is required.',
  query: querySchema,
  answer,
  cached: true,
  examples: {
    'A name in capitals': { query: { username: 'ANA' } },
    'The month of two users': { query: { ids: '42,7', period: '2026-11' } },
  },
  async handle(call) {
    const { query } = call
    const misuse = misuseOf(query)
    if (misuse) return misuse
    if (query.username !== undefined) return await findByName(call, query.username)
    const moment = momentOf(query.as_of, call.now)
    if (isFailure(moment)) return moment
    const period = periodOf(query)
    if (isFailure(period)) return period
    const many = await readMany(call, query.ids ?? [], period, moment)
    if (isFailure(many)) return many
    const { found, position } = many
    return {
      body: { users: found.map(({ item }) => item), as_of: formatInstant(moment.asOf), position },
      freshness: freshnessOf(moment),
      ageSeconds: Math.max(0, ...found.map(({ ageSeconds }) => ageSeconds)),
    }
  },
})
