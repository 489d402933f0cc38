import { it } from 'vitest'
import { checkOrders } from './checkOrders.ts'
import { pastMoment } from '../support/scenario.ts'

it('gives the numbers of the oracle for past instants in random orders, with repetitions, single and in batches', async () => {
  await checkOrders(pastMoment)
})
