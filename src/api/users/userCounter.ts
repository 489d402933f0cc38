import { notCaughtUp, notFound, type Failure, type Result } from '../../failure.ts'
import type { Call } from '../../http/endpoint.ts'
import { callObject } from '../../projections/callObject.ts'
import type { ReadRequest } from '../../projections/LogFollower.ts'
import type { CounterAnswer, UserCounter } from '../../projections/user/UserCounter.ts'

/** The user ID in a path: a whole number from 1 to 2^53 − 1, written without leading zeros. */
export const userIdOf = (segment: string | undefined): number | undefined => {
  if (segment === undefined || !/^[1-9][0-9]{0,15}$/.test(segment)) return undefined
  const id = Number(segment)
  return Number.isSafeInteger(id) ? id : undefined
}

/** The same failure for a user no message named, an erased user, and a path that is no ID: none can be told apart. */
export const noSuchUser = (): Failure => notFound('No such contributor')

/** Reads from the counter of the user that the path names. `atLeast` is the query's, unless a cursor pins more. */
export const readCounter = async <Found extends object>(
  { env, now, params, query, timing }: Call<{ at_least: number }>,
  read: (counter: DurableObjectStub<UserCounter>, request: ReadRequest) => Promise<CounterAnswer<Found>>,
  atLeast: number = query.at_least,
): Promise<Result<Found & { position: number; ageSeconds: number }>> => {
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const answer = await timing.time(
    'object',
    callObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => read(counter, { now, atLeast }),
    ),
  )
  if (answer.status === 'unavailable') return notCaughtUp(answer.position, atLeast)
  return answer.status === 'unknown' ? noSuchUser() : answer
}
