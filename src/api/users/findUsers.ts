import * as z from 'zod/mini'
import { parseUserId } from '../../contributions/user.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { invalidParameter, isFailure, notCaughtUp, type Failure, type Result } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { forASecond } from '../../memory/AnswerMemory.ts'
import type { FoundPeople } from '../../projections/directory/UserDirectory.ts'
import { callObject, userDirectoryOf } from '../../projections/objects.ts'
import { findUsersByName } from '../../log/queries/users.ts'
import { freshnessOf, momentOf } from '../moment.ts'
import { periodOf } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readManyStatistics, statistics, statisticsParameters } from './statistics.ts'

const useName = 'use a username of 1 to 254 characters'
const useSearch = 'use 2 to 100 characters'
const idsMax = 100
const useIds = `use at most ${idsMax} user IDs separated by commas, like 1,2,3`

/** The distinct user IDs in a list, in order; undefined if any is invalid. */
const parseIds = (text: string): number[] | undefined => {
  const ids = text.split(',').map(parseUserId)
  return ids.includes(undefined) ? undefined : [...new Set(ids.filter((id) => id !== undefined))]
}

const querySchema = z.strictObject({
  username: z
    .optional(z.string({ error: useName }).check(z.regex(/^[^\p{Cc}\p{Cs}]{1,254}$/u, { error: useName })))
    .register(documented, { description: 'A complete username; case is ignored' }),
  search: z
    .optional(
      z.string({ error: useSearch }).check(z.regex(/^[^\p{Cc}\p{Cs}]{2,100}$/u, { error: useSearch })),
    )
    .register(documented, {
      description:
        'The beginning of a username, or of a word of a display name; case and accents are ignored',
    }),
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
  users: z
    .union([z.array(shape.user).check(z.maxLength(20)), z.array(statistics).check(z.maxLength(idsMax))])
    .register(documented, { description: 'The users found; with `ids`, the statistics of each' }),
  ...shape.moment,
})

/** The names of the parameters present. */
const namesOf = (parameters: Record<string, unknown>): string[] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [name]))

/**
 * The failure for a query that has none or several of username, search and ids, or that selects a period or instant
 * without ids.
 */
const misuseOf = ({ username, search, ids, from, to, period, as_of }: Query): Failure | undefined => {
  const [kind, other] = namesOf({ username, search, ids })
  if (kind === undefined)
    return invalidParameter(
      'username',
      'Cannot find users without a name or IDs: use username, search or ids',
    )
  if (other !== undefined)
    return invalidParameter(other, `Cannot use ${other} together with ${kind}: leave one of them out`)
  const [unused] = ids === undefined ? namesOf({ from, to, period, as_of }) : []
  return unused === undefined
    ? undefined
    : invalidParameter(unused, `Cannot use ${unused} without ids: it applies only to statistics`)
}

const findByName = async ({ env, now, query, timing }: Call<Query>, username: string) => {
  const [users, position] = await timing.time(
    'log',
    runBatch(env.DB, findUsersByName(env.DB, username), readPosition(env.DB)),
  )
  if (position < query.at_least) return notCaughtUp(position, query.at_least)
  return { body: { users, as_of: formatInstant(now), position }, freshness: 'live' as const }
}

const findByBeginning = async ({ env, now, query, timing }: Call<Query>, name: string) => {
  const found = await timing.time(
    'object',
    callObject(
      () => userDirectoryOf(env),
      async (directory): Promise<Result<FoundPeople>> =>
        directory.search({ now, atLeast: query.at_least }, name),
    ),
  )
  if (isFailure(found)) return found
  const { users, position, ageSeconds } = found
  const body = { users, as_of: formatInstant(now), position }
  return { body, freshness: 'live' as const, ageSeconds, holds: forASecond(now) }
}

/** `GET /v1/users?username=`, `?search=` and `?ids=`. */
export const findUsers = endpoint({
  id: 'findUsers',
  tag: 'Users',
  summary: 'Find users by name, or get the statistics of several',
  description:
    'Use exactly one of three parameters. `username` finds the users with exactly this username, ignoring case (as Unicode defines it): at most 20, in the order of their IDs, hidden users included. `search` finds users who are shown on leaderboards, by the beginning of the username or of any word of the display name, ignoring case and accents. It lists at most 20: exact usernames first, then by lifetime contributions, then by ID. Anything but letters and digits separates words. `ids` gives the statistics of these users in the order given, each once; unknown and erased users are left out.',
  query: querySchema,
  answer,
  cached: true,
  examples: {
    'A name in capitals': { query: { username: 'ANA' } },
    'The beginning of a name': { query: { search: 'an' } },
    'The month of two users': { query: { ids: '42,7', period: '2026-11' } },
  },
  async handle(call) {
    const { query } = call
    const misuse = misuseOf(query)
    if (misuse) return misuse
    if (query.username !== undefined) return await findByName(call, query.username)
    if (query.search !== undefined) return await findByBeginning(call, query.search)
    const moment = momentOf(query.as_of, call.now)
    if (isFailure(moment)) return moment
    const period = periodOf(query)
    if (isFailure(period)) return period
    const many = await readManyStatistics(call, query.ids ?? [], period, moment)
    if (isFailure(many)) return many
    const { found, position } = many
    return {
      body: { users: found.map(({ item }) => item), as_of: formatInstant(moment.asOf), position },
      freshness: freshnessOf(moment),
      ageSeconds: Math.max(0, ...found.map(({ ageSeconds }) => ageSeconds)),
    }
  },
})
