import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import worker from '../support/workerWithoutMemory.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const address = '/?board=solutions&window=all'

/** What a page of a Worker with this PUBLIC_ORIGIN tells readers of links: its og:image and og:url. */
const shared = async (origin: string): Promise<(string | undefined)[]> => {
  const request = new Request(`https://forged.example${address}`)
  const given = { ...env, PUBLIC_ORIGIN: origin }
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], given)
  const html = await response.text()
  return ['image', 'url'].map(
    (name) => new RegExp(`<meta property="og:${name}" content="([^"]*)"`).exec(html)?.[1],
  )
}

it('a shared link has the absolute addresses of its page and picture, at PUBLIC_ORIGIN and not at the host of the request', async () => {
  expect(await shared('https://perennial.example.org')).toEqual([
    'https://perennial.example.org/share.png',
    `https://perennial.example.org${address.replace('&', '&amp;')}`,
  ])
})

it('a shared link without PUBLIC_ORIGIN, or with an invalid one, has the path of its picture alone', async () => {
  for (const origin of ['', 'http://perennial.example.org', '"><script>'])
    expect(await shared(origin)).toEqual(['/share.png', undefined])
})
