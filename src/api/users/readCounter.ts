import type { Call } from '../../http/endpoint.ts'
import { callObject, userCounterOf } from '../../projections/objects.ts'
import type { ReadRequest } from '../../projections/LogFollower.ts'
import { noSuchUser, type CounterAnswer, type UserCounter } from '../../projections/user/UserCounter.ts'

/** Parses a user ID: a whole number from 1 to 2^53 − 1, without leading zeros. Returns undefined for anything else. */
export const userIdOf = (segment: string | undefined): number | undefined => {
  if (segment === undefined || !/^[1-9][0-9]{0,15}$/.test(segment)) return undefined
  const id = Number(segment)
  return Number.isSafeInteger(id) ? id : undefined
}

/** Reads from the counter of the user in the path. `atLeast` is the query's, unless a cursor pins a later position. */
export const readCounter = async <Found extends object>(
  { env, now, params, query, timing }: Call<{ at_least: number }>,
  read: (counter: DurableObjectStub<UserCounter>, request: ReadRequest) => Promise<CounterAnswer<Found>>,
  atLeast: number = query.at_least,
): Promise<CounterAnswer<Found>> => {
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser
  return await timing.time(
    'object',
    callObject(
      () => userCounterOf(env, id),
      async (counter) => read(counter, { now, atLeast }),
    ),
  )
}
