import * as z from 'zod/mini'
import { boards, metrics } from '../contributions/definitions.ts'
import { documented } from '../http/documented.ts'

/* The names in paths. Whatever does not fit them is not found, rather than wrong. */

export const userPath = z.strictObject({
  id: z.int().check(z.gte(1)).register(documented, {
    description: 'The user’s id at the site, without leading zeros; anything else is not found',
  }),
})

export const boardPath = z.strictObject({
  board: z
    .enum(boards.map(({ board }) => board))
    .register(documented, { id: 'Board', description: 'The name of a ranking' }),
})

export const metricPath = z.strictObject({
  metric: z
    .enum(metrics.map(({ metric }) => metric))
    .register(documented, { id: 'Metric', description: 'The name of a number' }),
})
