import * as z from 'zod/mini'
import { formatInstant } from '../contributions/instant.ts'
import type { Answer } from '../http/answer.ts'
import type { Call } from '../http/router.ts'
import { ask, readPosition } from '../log/database.ts'
import { findUsers as findUsersByName } from '../log/users.ts'

const useAName = 'use a username of 1 to 254 characters'

export const findUsersQuery = z.strictObject({
  username: z.string({ error: useAName }).check(z.regex(/^[^\p{Cc}\p{Cs}]{1,254}$/u, { error: useAName })),
})

/** `GET /v1/users?username=`: the users of exactly this name, whatever its case. */
export const findUsers = async ({
  env,
  timing,
  now,
  query,
}: Call<z.infer<typeof findUsersQuery>>): Promise<Answer> => {
  const [users, position] = await timing.time(
    'log',
    ask(env.DB, findUsersByName(env.DB, query.username), readPosition(env.DB)),
  )
  return { body: { users, as_of: formatInstant(now), position }, freshness: 'live' }
}
