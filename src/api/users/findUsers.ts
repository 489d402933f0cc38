import * as z from 'zod/mini'
import { formatInstant } from '../../contributions/instant.ts'
import { notCaughtUp } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { findUsersByName } from '../../log/users.ts'
import { atLeastParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'

const useName = 'use a username of 1 to 254 characters'

/** `GET /v1/users?username=`. */
export const findUsers = endpoint({
  id: 'findUsers',
  tag: 'Users',
  summary: 'Find users by username',
  description:
    'The users with exactly this username, ignoring case (as Unicode defines it), by ID. At most 20; hidden users are included.',
  query: z.strictObject({
    username: z
      .string({ error: useName })
      .check(z.regex(/^[^\p{Cc}\p{Cs}]{1,254}$/u, { error: useName }))
      .register(documented, { description: 'A whole username; case is ignored' }),
    at_least: atLeastParameter,
  }),
  answer: z.strictObject({ users: z.array(shape.user).check(z.maxLength(20)), ...shape.moment }),
  cached: true,
  examples: { 'A name in capitals': { query: { username: 'ANA' } } },
  async handle({ env, now, query, timing }) {
    const [users, position] = await timing.time(
      'log',
      runBatch(env.DB, findUsersByName(env.DB, query.username), readPosition(env.DB)),
    )
    if (position < query.at_least) return notCaughtUp(position, query.at_least)
    return { body: { users, as_of: formatInstant(now), position }, freshness: 'live' }
  },
})
