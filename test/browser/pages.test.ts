import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/form.ts'
import { startServer, type Server } from '../system/support/server.ts'
import {
  isHere,
  launch,
  openTab,
  screenshot,
  screenshots,
  seriousViolations,
  settled,
} from './support/browser.ts'
import { sendDemo } from './support/demo.ts'

/** Users of the demo's community, which is always the same. */
const leader = 800_150
const hidden = 800_259
const longName = 800_121

/** Every page, with the name of its screenshots. */
const pages: [name: string, path: string][] = [
  ['dashboard', '/'],
  ['dashboard-everything', '/?board=overall&window=all&range=3y&interval=month'],
  ['dashboard-neighbours', `/?board=overall&around=${leader + 20}&window=all`],
  ['dashboard-german', '/?lang=de'],
  ['dashboard-empty-search', '/?search=nobody-here'],
  ['user', `/users/${leader}`],
  ['user-behind-a-number', `/users/${leader}?type=solution&window=90d`],
  ['user-long-name', `/users/${longName}`],
  ['user-hidden', `/users/${hidden}`],
  ['user-unknown', '/users/4711'],
  ['community', '/community'],
  ['community-german', '/community?interval=month&split=locale&lang=de'],
  ['community-empty', '/community?group=staff'],
  ['status', '/status'],
  ['status-german', '/status?lang=de'],
  ['docs', '/docs'],
  ['docs-german', '/docs?lang=de'],
  ['guide', '/docs/contract'],
  ['problems', '/problems'],
  ['problem', '/problems/invalid-signature'],
  ['nothing-here', '/nothing-here'],
]

/** The pages whose contrast in the dark the short form checks: one of each kind, because all share their colours. */
const inDark = new Set(['dashboard', 'community', 'user', 'problem'])

const widths = [320, 360, 1280]

/** A4 at 96 dpi, without the margins that Chromium gives it. */
const paperWidth = 718

/** The dates of charts' axes that touch the date before them. */
const touchingDates = async (page: Page): Promise<string[]> =>
  await page.locator('.bars-dates').evaluateAll((axes) =>
    axes.flatMap((axis) => {
      const shown = [...axis.querySelectorAll('text')].filter(
        (text) => text.getBoundingClientRect().width > 0,
      )
      return shown.flatMap((text, index) => {
        const before = shown[index - 1]?.getBoundingClientRect()
        return before && text.getBoundingClientRect().left < before.right + 4 ? [text.textContent] : []
      })
    }),
  )

/** The tables that are wider than their frames, and the page if it is wider than the window. */
const cutOff = async (page: Page): Promise<string[]> =>
  await page
    .locator('html, .scroll, .scroll-x')
    .evaluateAll((frames) =>
      frames
        .filter((frame) => frame.scrollWidth > frame.clientWidth + 1)
        .map((frame) => frame.getAttribute('aria-label') ?? frame.tagName),
    )
const schemes = [
  { colorScheme: 'light', rules: undefined },
  { colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] }, // only contrast depends on the scheme
] as const

describe.skipIf(!isHere)('every page (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    await sendDemo(server.url)
    browser = await launch()
    if (isLong) console.log(`Screenshots of every page: ${screenshots}`)
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it.each(pages)(
    '%s has no errors, does not overflow at 320, 360 and 1280 px and on paper, has no dates that touch, and has no serious axe violations in light and dark',
    async (name, path) => {
      const { page, errors, close } = await openTab(browser, server.url, {
        viewport: { width: 360, height: 900 },
      })
      const response = await page.goto(path)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        for (const { colorScheme, rules } of schemes) {
          await page.emulateMedia({ colorScheme })
          await settled(page)
          if (isLong) await screenshot(page, `${name}-${width}-${colorScheme}`)
          if (width === 1280 && (isLong || colorScheme === 'light' || inDark.has(name)))
            expect(await seriousViolations(page, rules)).toEqual([])
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        expect(await touchingDates(page)).toEqual([])
      }
      await page.emulateMedia({ media: 'print', colorScheme: 'light' })
      await page.setViewportSize({ width: paperWidth, height: 900 })
      expect(await cutOff(page)).toEqual([])
      // Chromium reports a 404 as an error on the console.
      const expected = response?.status() === 404 ? [expect.stringContaining('404')] : []
      expect(errors).toEqual(expected)
      await close()
    },
  )

  it('figures of the community page have room for eight digits at 320 px', async () => {
    const { page, close } = await openTab(browser, server.url, { viewport: { width: 320, height: 900 } })
    await page.goto('/community')
    await settled(page)
    const overlapping = await page.locator('.compared').evaluateAll((lists) =>
      lists.flatMap((list) => {
        const numbers = [...list.querySelectorAll('dt + dd')]
        for (const number of numbers) number.textContent = '99,999,999'
        return numbers.filter((number) => number.scrollWidth > number.clientWidth)
      }),
    )
    expect(overlapping).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    await close()
  })

  it.each(['loads', 'fails'])(
    'texts keep their contrast in light and dark while what the page asks for %s',
    async (state) => {
      const { page, close } = await openTab(browser, server.url, { viewport: { width: 1280, height: 900 } })
      await page.route('**/v1/**', async (route) => {
        if (state === 'fails') await route.fulfill({ status: 429, body: '{}' })
      })
      for (const path of ['/', `/users/${leader}`]) {
        await page.goto(path)
        await page
          .locator(state === 'fails' ? '.error-notice' : '[aria-busy=true]')
          .first()
          .waitFor()
        for (const { colorScheme } of schemes) {
          await page.emulateMedia({ colorScheme })
          await page.waitForFunction(() => document.getAnimations().length === 0)
          expect(await seriousViolations(page, ['color-contrast'])).toEqual([])
        }
      }
      await close()
    },
  )
})
