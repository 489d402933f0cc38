import { beforeAll, expect, it } from 'vitest'
import forum from '../../examples/forum/definitions.json' with { type: 'json' }
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, post, read, send } from '../support/site.ts'

beforeAll(async () => {
  setClock(noon)
  await freshLog()
})

it('x', async () => {
  const { as_of: _, position, version, ...defined } = await read('/v1/definitions')
  expect(position).toBe(0)
  expect(version).toMatch(/^[0-9a-f]{64}$/)
  expect(defined).toEqual(forum)
})
