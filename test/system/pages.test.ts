import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { contrastMin, contrastOf, grounds, textGrounds } from '../../src/definitions/colors.ts'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver } from './support/site.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
  const at = new Date().toISOString()
  const answer = { type: 'answer', user: { id: 42 }, occurred_at: at, content: { type: 'answer', id: '1' } }
  await deliver(server.url, aMessage('contribution.created', answer))
})

afterAll(async () => await server.close())

const scriptBytesMax = 150 * 1024

/** What the HTML of a page loads: scripts with their imports, stylesheets and icons. */
const loadedBy = (html: string): string[] =>
  [...html.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)

it.each(['/', '/community', '/users/42', '/status', '/docs'])(
  '%s loads at most 150 KB of compressed scripts, and no missing file',
  async (page) => {
    const html = await (await fetch(server.url + page)).text()
    let scriptBytes = 0
    for (const path of loadedBy(html)) {
      const response = await fetch(server.url + path)
      expect(response.status, path).toBe(200)
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff')
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (!path.endsWith('.js')) continue
      expect(response.headers.get('content-type')).toContain('javascript')
      expect(
        new TextDecoder().decode(bytes),
        'a script imports only the texts, which the page preloads',
      ).not.toMatch(/\bimport\s*(?:\(\s*["'`]|["'{*])/)
      scriptBytes += gzipSync(bytes).byteLength
    }
    expect(scriptBytes).toBeGreaterThan(0)
    expect(scriptBytes).toBeLessThanOrEqual(scriptBytesMax)
  },
)

it('graphics in the stronger grey and in shades have enough contrast with a panel', async () => {
  const tokens = await readFile(join(projectDirectory, 'src/pages/styles/parts/tokens.css'), 'utf8')
  const shades = ['stage', 'fate'].flatMap((hue) => [0, 1, 2, 3].map((index) => `${hue}-${index}`))
  for (const name of ['line-strong', 'series-6', ...shades])
    for (const [theme, ground] of [grounds.light, grounds.dark].entries()) {
      const pair = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)?.slice(1) ?? []
      expect(contrastOf(pair[theme] ?? '', ground), name).toBeGreaterThanOrEqual(contrastMin)
    }
})

it('the contrast of a site’s accent is checked against the backgrounds that pages have', async () => {
  const tokens = await readFile(join(projectDirectory, 'src/pages/styles/parts/tokens.css'), 'utf8')
  const pairOf = (name: string): string[] =>
    new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)?.slice(1) ?? []
  expect(pairOf('surface')).toEqual([grounds.light, grounds.dark])
  // The darkest of the light backgrounds and the lightest of the dark ones are the closest to text.
  const closest = (theme: number, from: string): string | undefined =>
    ['paper', 'surface', 'sunken']
      .map((name) => pairOf(name)[theme] ?? '')
      .toSorted((one, other) => contrastOf(other, from) - contrastOf(one, from))[0]
  expect([closest(0, '#ffffff'), closest(1, '#000000')]).toEqual([textGrounds.light, textGrounds.dark])
  expect(pairOf('on-accent')).toEqual(['#ffffff', '#0d1a13'])
})
