import { parseUserId } from '../../contributions/user.ts'
import type { Call } from '../../http/endpoint.ts'
import { callObject, userCounterOf } from '../../projections/objects.ts'
import type { ReadRequest } from '../../projections/LogFollower.ts'
import { noSuchUser, type CounterAnswer, type UserCounter } from '../../projections/user/UserCounter.ts'

/** Reads from the counter of the user in the path. */
export const readCounter = async <Found extends object>(
  { env, now, params, query, timing }: Call<{ at_least: number }>,
  read: (counter: DurableObjectStub<UserCounter>, request: ReadRequest) => Promise<CounterAnswer<Found>>,
): Promise<CounterAnswer<Found>> => {
  const id = parseUserId(params['id'] ?? '')
  if (id === undefined) return noSuchUser
  return await timing.time(
    'object',
    callObject(
      () => userCounterOf(env, id),
      async (counter) => read(counter, { now, atLeast: query.at_least }),
    ),
  )
}
