import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { asOfParameter, atLeastParameter, typeParameter, windowParameter } from '../../parameters.ts'
import { userPath } from '../../paths.ts'
import { moment } from '../../shapes.ts'

const badge = z
  .strictObject({
    schemaVersion: z.literal(1),
    label: z.string(),
    message: z.string(),
    color: z.string(),
  })
  .register(documented, { id: 'Badge', description: 'A badge in the endpoint format of Shields' })

export const readUserBadgeOperation = describe({
  id: 'readUserBadge',
  tag: 'Users',
  summary: 'A number of a user as a badge',
  description: `One of a user’s numbers in the endpoint format of Shields (shields.io/badges/endpoint-badge). The headers \`Perennial-As-Of\` and \`Perennial-Position\` say what it is for.`,
  path: userPath,
  query: z.strictObject({
    type: typeParameter,
    window: z.prefault(windowParameter, 'all'),
    as_of: asOfParameter,
    at_least: atLeastParameter,
  }),
  answer: z.strictObject(moment),
  format: { mediaType: 'application/json', schema: badge },
  cached: true,
  problems: ['not-found'],
  examples: {
    'Answers of all time': { path: { id: 42 }, query: { type: 'answer', window: 'all' } },
  },
})
