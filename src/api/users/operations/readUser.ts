import * as z from 'zod/mini'
import { formatWindowLength, standardWindows } from '../../../contributions/window.ts'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { asOfParameter, atLeastParameter } from '../../parameters.ts'
import { userPath } from '../../paths.ts'
import { counts, instant, moment, user } from '../../shapes.ts'

const optionalInstant = z.nullable(instant)

const userAnswer = z
  .strictObject({
    user,
    ...moment,
    complete: z.boolean().register(documented, {
      description: 'History has been backfilled for every type: the caller needs no fallback',
    }),
    first_contribution_at: optionalInstant,
    last_contribution_at: optionalInstant,
    lifetime: counts,
    windows: z.strictObject(
      Object.fromEntries(standardWindows.map((days) => [formatWindowLength(days), counts])),
    ),
    documents: z
      .int()
      .check(z.gte(0))
      .register(documented, { description: 'Distinct documents among the parents of the edits that stand' }),
  })
  .register(documented, { id: 'UserStatistics', description: 'A user’s contributions that stand' })

export const readUserOperation = describe({
  id: 'readUser',
  tag: 'Users',
  summary: 'A user’s statistics',
  description: `Totals by type over all time and in the last 7, 30, 90 and 365 days. Only contributions that stand are counted, and deleting content changes none of them. A known user without contributions has zeros and nulls; a user whom no message named, or who was erased, is not found. System, hidden and inactive users have a profile, but no place on a board.`,
  path: userPath,
  query: z.strictObject({ as_of: asOfParameter, at_least: atLeastParameter }),
  answer: userAnswer,
  cached: true,
  problems: ['not-found'],
  examples: {
    'A user': { path: { id: 42 } },
    'The same user at an earlier instant': { path: { id: 42 }, query: { as_of: '2026-11-20T09:45:00.000Z' } },
  },
})
