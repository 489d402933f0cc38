import { expect, it } from 'vitest'
import { aContribution, read, send } from './support/site.ts'

it('records a contribution and shows it in the next read', async () => {
  const answer = await send('contribution.created', aContribution({ user: { id: 7, username: 'ana' } }))
  expect(answer).toMatchObject({ recorded: 1, results: [{ index: 0, status: 'recorded', position: 1 }] })
  const user = await read('/v1/users/7?at_least=1')
  expect(user.lifetime.total).toBe(1)
  expect((await read('/v1/leaderboards/support-forum')).entries).toHaveLength(1)
  expect((await read('/v1/metrics/active_contributors')).value).toBe(1)
  expect((await read('/v1/users/7/contributions')).contributions).toHaveLength(1)
  console.log(JSON.stringify(user), JSON.stringify(await read('/v1/leaderboards/support-forum')))
  console.log(JSON.stringify(await read('/v1/metrics')), JSON.stringify(await read('/v1/status')))
})
