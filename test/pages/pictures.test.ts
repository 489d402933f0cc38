import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, send } from '../support/site.ts'
import worker from '../support/workerWithoutMemory.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
  await send('contribution.created', [
    aContribution({ user: { id: 1, username: 'ana', avatar_url: 'https://pictures.example/a.png?x=1&y' } }),
    aContribution({ user: { id: 2, username: 'ben', avatar_url: 'https://elsewhere.example/b.png' } }),
    aContribution({ user: { id: 3, username: 'cid' } }),
  ])
})

/** The pictures and the policy of a page of a Worker with this PICTURE_ORIGINS. */
const shown = async (
  origins: string,
  path: string,
): Promise<{ pictures: string[]; policy: string; html: string }> => {
  const request = new Request(`https://perennial.example${path}`)
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], {
    ...env,
    PICTURE_ORIGINS: origins,
  })
  const html = await response.text()
  const directives = response.headers.get('content-security-policy')?.split('; ') ?? []
  return {
    pictures: [...html.matchAll(/<img class="picture" src="([^"]*)"/g)].map(([, src = '']) => src),
    policy: directives.find((directive) => directive.startsWith('img-src')) ?? '',
    html,
  }
}

const board = '/?board=support-forum&window=all'

it('pages load no pictures of users by default, and show initials', async () => {
  for (const path of [board, '/users/1']) {
    const { pictures, policy } = await shown('', path)
    expect([pictures, policy]).toEqual([[], "img-src 'self' data:"])
  }
})

it('pages load pictures from the origins in PICTURE_ORIGINS, without a referrer, and initials for others', async () => {
  const origins = 'https://pictures.example https://more.example:8443'
  for (const path of [board, '/users/1']) {
    const { pictures, policy, html } = await shown(origins, path)
    expect(pictures).toEqual(['https://pictures.example/a.png?x=1&amp;y'])
    expect(policy).toBe(`img-src 'self' data: ${origins}`)
    expect(html.match(/<img class="picture"[^>]*referrerpolicy="no-referrer"/g)).toHaveLength(1)
    expect(html).toContain(`data-pictures="${origins}"`)
  }
  expect((await shown(origins, '/users/2')).pictures).toEqual([])
})

it('an invalid PICTURE_ORIGINS loads none', async () => {
  for (const origins of [
    '*',
    "https://pictures.example; script-src 'unsafe-inline'",
    'http://pictures.example',
  ]) {
    const { pictures, policy } = await shown(origins, '/users/1')
    expect([pictures, policy]).toEqual([[], "img-src 'self' data:"])
  }
})
