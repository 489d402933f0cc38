import { it } from 'vitest'
import { checkOrders } from './checkOrders.ts'
import { pastMoment } from '../support/scenario.ts'

it('numbers as of past instants equal brute force after messages in random order, repeated, single and in batches', async () => {
  await checkOrders(pastMoment)
})
