import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

/** The headings of the second level that a page has. */
const headingsOf = async (path: string): Promise<string[]> => {
  const html = await (await fetchApi(path, { headers: { accept: 'text/html' } })).text()
  return [...html.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, heading = '']) => heading)
}

it('the dashboard and the community page say that the log is empty, and show no zeros, until the first contribution', async () => {
  const paths = ['/', '/community']
  for (const path of paths) expect(await headingsOf(path), path).toEqual(['No contributions yet'])
  await send('contribution.created', aContribution({ user: { id: 1 } }))
  setClock(noon + 10_000) // boards and metrics may lag by five seconds
  const filled = [
    ['Active contributors', 'Contributions', 'Leaderboards'],
    ['Active people', 'Retention', 'Contributions', 'Replies', 'Dependence on a few people'],
  ]
  for (const [index, path] of paths.entries()) expect(await headingsOf(path), path).toEqual(filled[index])
})
