import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/form.ts'
import { startServer, type Server } from '../system/support/server.ts'
import { isHere, launch, openTab, picture, screenshots, settled } from './support/browser.ts'
import { sendDemo } from './support/demo.ts'

/** People of the demo's community, the same ones every time. */
const leader = 800_150
const hidden = 800_259
const longName = 800_121

/** Every page, by the name that its pictures have. */
const pages: [name: string, path: string][] = [
  ['dashboard', '/'],
  ['dashboard-everything', '/?board=overall&window=all&range=3y&interval=month'],
  ['dashboard-neighbours', `/?board=overall&around=${leader + 20}&window=all`],
  ['dashboard-search-nobody', '/?search=nobody-here'],
  ['user', `/users/${leader}`],
  ['user-behind-a-number', `/users/${leader}?type=solution&window=90d`],
  ['user-long-name', `/users/${longName}`],
  ['user-hidden', `/users/${hidden}`],
  ['user-unknown', '/users/4711'],
  ['docs', '/docs'],
  ['problems', '/problems'],
  ['problem', '/problems/invalid-signature'],
  ['nothing-here', '/nothing-here'],
]

/** The short form looks at contrast in the dark on one page of each kind: all have the same colours. */
const inDark = new Set(['dashboard', 'user', 'problem'])

const widths = [360, 1280]
const looks = [
  { colorScheme: 'light', rules: undefined },
  { colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] },
] as const

/** What axe finds, with the elements. Structure is the same at every width and in every colour; contrast is not. */
const seriousFaults = async (page: Page, rules?: string[]): Promise<[rule: string, elements: string[]][]> => {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], preload: false })
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

describe.skipIf(!isHere)('every page (skipped where there is no Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    await sendDemo(server.url)
    browser = await launch()
    if (isLong) console.log(`Pictures of every page: ${screenshots}`)
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  describe.each(widths)('at %i px, light and dark', (width) => {
    it.each(pages)('%s: no fault, fits, and nothing serious for axe', async (name, path) => {
      const { page, faults, close } = await openTab(browser, server.url, { viewport: { width, height: 900 } })
      const response = await page.goto(path)
      for (const { colorScheme, rules } of looks) {
        await page.emulateMedia({ colorScheme })
        await settled(page)
        if (isLong) await picture(page, `${name}-${width}-${colorScheme}`)
        if (width === 1280 && (isLong || colorScheme === 'light' || inDark.has(name)))
          expect(await seriousFaults(page, rules?.slice())).toEqual([])
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      // Chromium itself reports a page that is not found as an error on the console.
      const expected = response?.status() === 404 ? [expect.stringContaining('404')] : []
      expect(faults).toEqual(expected)
      await close()
    })
  })
})
