import * as fc from 'fast-check'
import { it } from 'vitest'
import { checkOrders } from './checkOrders.ts'

it('live numbers equal brute force after messages in random order, repeated, single and in batches', async () => {
  await checkOrders(fc.constant(undefined))
})
