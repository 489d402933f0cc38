import * as fc from 'fast-check'
import { it } from 'vitest'
import { checkOrders } from './checkOrders.ts'

it('gives the numbers of the oracle live in random orders, with repetitions, single and in batches', async () => {
  await checkOrders(fc.constant(undefined))
})
