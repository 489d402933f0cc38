import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, post } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

it('a webhook from a system account is ignored even with the recorded_at that an export writes', async () => {
  const timestamp = new Date(noon).toISOString()
  const data = aContribution({ user: { id: 900 } })
  const message = { type: 'contribution.created', timestamp, recorded_at: timestamp, data }
  const response = await post(JSON.stringify(message))
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    position: 0,
    recorded: 0,
    duplicate: 0,
    conflict: 0,
    ignored: 1,
    results: [{ index: 0, status: 'ignored', reason: 'system_account' }],
    warnings: [{ pointer: '/recorded_at', detail: 'Ignored: unknown field' }],
  })
})
