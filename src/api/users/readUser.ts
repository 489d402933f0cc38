import * as z from 'zod/mini'
import { afterAllEvents, formatInstant } from '../../contributions/instant.ts'
import { formatWindowLength, standardWindows } from '../../contributions/window.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import type { CounterAnswer, UserStatistics } from '../../projections/user/UserCounter.ts'
import { formatNullable, freshnessOf, momentOf } from '../moment.ts'
import { noCounts, type UserCounts } from '../../projections/user/userCounts.ts'
import { asOfParameter, atLeastParameter } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './userCounter.ts'

const answer = z
  .strictObject({
    user: shape.user,
    ...shape.moment,
    complete: z.boolean().register(documented, {
      description: 'Whether history has been imported for every type, so that no fallback is needed',
    }),
    first_contribution_at: z.nullable(shape.instant),
    last_contribution_at: z.nullable(shape.instant),
    lifetime: shape.counts,
    windows: z.strictObject(
      Object.fromEntries(standardWindows.map((days) => [formatWindowLength(days), shape.counts])),
    ),
    documents: z
      .int()
      .check(z.gte(0))
      .register(documented, { description: 'Distinct documents among the parents of the edits that stand' }),
  })
  .register(documented, { id: 'UserStatistics', description: 'A user’s contributions that stand' })

const toNumbers = (counts: UserCounts) => ({
  first_contribution_at: formatNullable(counts.firstContributionAt),
  last_contribution_at: formatNullable(counts.lastContributionAt),
  lifetime: counts.lifetime,
  windows: Object.fromEntries(
    standardWindows.map((days, index) => [formatWindowLength(days), counts.windows[index] ?? noCounts()]),
  ),
  documents: counts.documents,
})

/** `GET /v1/users/{id}`. */
export const readUser = endpoint({
  id: 'readUser',
  tag: 'Users',
  summary: 'Get a user’s statistics',
  description:
    'Totals by type over all time and in the last 7, 30, 90 and 365 days. Only contributions that stand are counted, and deleting content changes none of them. A known user without contributions has zeros and nulls; a user whom no message named, or who was erased, is not found. System, hidden and inactive users have a profile, but no place on a board.',
  path: shape.userPath,
  query: z.strictObject({ as_of: asOfParameter, at_least: atLeastParameter }),
  answer,
  cached: true,
  problems: ['not-found'],
  examples: {
    'A user': { path: { id: 42 } },
    'The same user at an earlier instant': { path: { id: 42 }, query: { as_of: '2026-11-20T09:45:00.000Z' } },
  },
  async handle(call) {
    const asOf = call.query.as_of
    const moment = momentOf(asOf, call.now)
    if (isFailure(moment)) return moment
    const found = await readCounter(call, async (counter, request): Promise<CounterAnswer<UserStatistics>> =>
      counter.count(request, asOf),
    )
    if (isFailure(found)) return found
    const { user, position, complete, counts, ageSeconds, reflects } = found
    return {
      body: { user, as_of: formatInstant(moment.asOf), position, complete, ...toNumbers(counts) },
      freshness: freshnessOf(moment),
      ageSeconds,
      holds: { until: moment.live ? counts.validUntil : afterAllEvents, user: reflects },
    }
  },
})
