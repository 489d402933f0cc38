import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { logSummaryOf } from '../../src/projections/objects.ts'
import { RunningTotals } from '../../src/projections/summary/runningTotals.ts'
import { noon, setClock } from '../support/clock.ts'
import { aContribution, read, send } from '../support/site.ts'

it('sums over other types, from before the definitions changed, are made again from the beginning', async () => {
  setClock(noon)
  await send('contribution.created', [aContribution(), aContribution()], noon)
  expect((await read('/v1/status')).contributions).toBe(2)
  await runInDurableObject(logSummaryOf(env), (_, { storage: { kv } }) => {
    expect(new RunningTotals(kv, env.DB).position).toBe(2)
    kv.put('state', { ...(kv.get('state') as object), types: 'question,reply' })
    expect(new RunningTotals(kv, env.DB).state).toBeUndefined()
  })
})
