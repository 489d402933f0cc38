import * as fc from 'fast-check'
import { it } from 'vitest'
import { checkOrders } from '../numbers/checkOrders.ts'
import { pastMoment } from '../support/scenario.ts'

it('the numbers of a forum equal brute force by its definitions, live and in the past', async () => {
  await checkOrders(fc.oneof(fc.constant(undefined), pastMoment))
})
