import * as z from 'zod/mini'
import { boards, metrics } from '../definitions/definitions.ts'
import { documented } from '../http/documented.ts'

/* Path parameters. A value that does not match is 404, not 400. */

export const userPath = z.strictObject({
  id: z.int().check(z.gte(1)).register(documented, {
    description: 'The site’s user ID, without leading zeros',
  }),
})

export const boardPath = z.strictObject({
  board: z
    .enum(boards.map(({ board }) => board))
    .register(documented, { id: 'Board', description: 'The name of a leaderboard' }),
})

export const metricPath = z.strictObject({
  metric: z
    .enum(metrics.map(({ metric }) => metric))
    .register(documented, { id: 'Metric', description: 'The name of a metric' }),
})
