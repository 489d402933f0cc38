import * as z from 'zod/mini'
import { describe } from '../../../openapi/operation.ts'
import {
  asOfParameter,
  atLeastParameter,
  cursorParameter,
  limitParameter,
  typeParameter,
  windowParameter,
} from '../../parameters.ts'
import { documented } from '../../../http/documented.ts'
import { userPath } from '../../paths.ts'
import { eventPosition, facts, moment, nextCursor } from '../../shapes.ts'

const contribution = z
  .strictObject({ ...facts, position: eventPosition })
  .register(documented, { id: 'Contribution', description: 'A contribution that stands' })

const contributionsAnswer = z
  .strictObject({ contributions: z.array(contribution), ...moment, next_cursor: nextCursor })
  .register(documented, { id: 'ContributionList' })

export const listUserContributionsOperation = describe({
  id: 'listUserContributions',
  tag: 'Users',
  summary: 'The contributions behind a user’s numbers',
  description: `The very events that make up the numbers, newest first, then highest position. Its length over all pages equals the number for the same type and window.`,
  path: userPath,
  query: z.strictObject({
    type: typeParameter,
    window: z.prefault(windowParameter, 'all'),
    as_of: asOfParameter,
    at_least: atLeastParameter,
    limit: z.prefault(limitParameter(1000), '20'),
    cursor: cursorParameter,
  }),
  answer: contributionsAnswer,
  columns: [
    'type',
    'occurred_at',
    'content_type',
    'content_id',
    'parent_type',
    'parent_id',
    'locale',
    'product',
    'self',
    'position',
  ],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The two newest': { path: { id: 42 }, query: { limit: 2 } },
    'Answers of 30 days': { path: { id: 42 }, query: { type: 'answer', window: '30d' } },
  },
})
