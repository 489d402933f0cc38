import { expect, it } from 'vitest'
import { claimState } from '../../src/cli/start/claimState.ts'
import { scratchDirectory } from './support/processes.ts'

it('of two Workers that start at once in one directory, one is refused with the address of the other', async () => {
  const directory = await scratchDirectory()
  const urls = ['http://localhost:1', 'http://localhost:2']
  const claims = await Promise.allSettled(urls.map(async (url) => await claimState(directory, url)))
  const holder = urls[claims.findIndex(({ status }) => status === 'fulfilled')]
  expect(claims.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(String(claims.find((claim) => claim.status === 'rejected')?.reason)).toContain(
    `one is running at ${holder}.`,
  )
})
