import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { atLeastParameter } from '../../parameters.ts'
import { moment, user } from '../../shapes.ts'

const useAName = 'use a username of 1 to 254 characters'

export const findUsersOperation = describe({
  id: 'findUsers',
  tag: 'Users',
  summary: 'Find users by username',
  description: `The users of exactly this name, whatever its case (in Unicode), by id. At most 20; hidden users are found too.`,
  query: z.strictObject({
    username: z
      .string({ error: useAName })
      .check(z.regex(/^[^\p{Cc}\p{Cs}]{1,254}$/u, { error: useAName }))
      .register(documented, { description: 'A username, whatever its case' }),
    at_least: atLeastParameter,
  }),
  answer: z.strictObject({ users: z.array(user).check(z.maxLength(20)), ...moment }),
  cached: true,
  examples: {
    'A name in capitals': {
      query: { username: 'ANA' },
    },
  },
})
