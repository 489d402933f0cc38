import { expect, it } from 'vitest'
import { systemUsersOf } from '../../src/ingest/appendage.ts'

it('reads ids between commas, with or without spaces, and nothing else', () => {
  expect([...systemUsersOf('')]).toEqual([])
  expect([...systemUsersOf('7')]).toEqual([7])
  expect([...systemUsersOf(' 7, 42,\n9007199254740991, ')]).toEqual([7, 42, 9_007_199_254_740_991])
  for (const list of ['7 42', '7;42', 'x', '0', '-1', '1.5', '9007199254740992', 'NaN'])
    expect(() => systemUsersOf(list), list).toThrow('SYSTEM_USER_IDS')
})
