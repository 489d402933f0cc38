import * as z from 'zod/mini'
import { isFailure } from '../../failure.ts'
import { endpoint } from '../../http/endpoint.ts'
import { freshnessOf, momentOf } from '../moment.ts'
import { periodOf } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readStatistics, statistics, statisticsParameters } from './statistics.ts'

/** `GET /v1/users/{id}`. */
export const readUser = endpoint({
  id: 'readUser',
  tag: 'Users',
  summary: 'Get a user’s statistics',
  description:
    'Totals by type over all time, in the last 7, 30, 90 and 365 days, and in a period if one is requested. Only contributions that stand are counted; deleting content changes nothing. A known user without contributions has zeros and nulls. A user whom no message has named, or who was erased, is a 404. System, hidden and inactive users have statistics, but no rank on leaderboards.',
  path: shape.userPath,
  query: z.strictObject(statisticsParameters),
  answer: statistics,
  cached: true,
  problems: ['not-found'],
  examples: {
    'A user': { path: { id: 42 } },
    'The same user at an earlier instant': { path: { id: 42 }, query: { as_of: '2026-11-20T09:45:00.000Z' } },
    'The same user, with a year': { path: { id: 42 }, query: { period: '2026', time_zone: 'Europe/Lisbon' } },
  },
  async handle(call) {
    const moment = momentOf(call.query.as_of, call.now)
    if (isFailure(moment)) return moment
    const period = periodOf(call.query)
    if (isFailure(period)) return period
    const found = await readStatistics(call, period, moment)
    if (isFailure(found)) return found
    const { item, ageSeconds, holds } = found
    return { body: item, freshness: freshnessOf(moment), ageSeconds, holds }
  },
})
