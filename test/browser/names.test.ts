import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { variants } from '../../src/cards/cardOptions.ts'
import { cardLanguages } from '../../src/definitions/languages.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver } from '../system/support/site.ts'
import { isHere, launch, openTab, screenshot, settled } from './support/browser.ts'

/** The names of users by ID, and what pages show where that differs. */
const names: [id: number, name: string, shown?: string][] = [
  [1, 'W'.repeat(254)],
  [2, '\ufdfd'.repeat(254)],
  [3, '👨‍👩‍👧‍👦'.repeat(36)],
  [4, 'محمد '.repeat(50).trim()],
  [5, `x${' \u200b'.repeat(100)}admin`, 'x admin'],
  [6, '\u2800', 'Contributor 6'],
  [7, '\u3164', 'Contributor 7'],
  [8, 'Donaudampfschifffahrtsgesellschaft Hernández Rodríguez von und zu Hohenlohe'],
  [10, 'Contributor 108329'],
]

/** Who has thousands of contributions of every type. */
const busy = 9

const sendBusy = async (url: string): Promise<void> => {
  const [now, of] = [Date.now() - 3_600_000, contributionTypes.length]
  const all = Array.from({ length: 3000 }, (_, index) => ({
    type: contributionTypes[index % of],
    user: { id: busy, username: 'Wilhelmina Montgomery-Wentworth' },
    occurred_at: new Date(now - (index % 80) * 86_400_000).toISOString(),
    content: { type: 'demo', id: `busy-${index}` },
    parent: { type: 'demo', id: '1' },
    product: 'firefox-for-a-name-of-some-length',
  }))
  for (let from = 0; from < all.length; from += 1000)
    await deliver(url, aMessage('contribution.created', all.slice(from, from + 1000)))
  // Has a card, but no place on the leaderboard.
  await deliver(url, aMessage('user.updated', { id: busy, is_hidden: true }))
}

const widths = [360, 1280]

describe.skipIf(!isHere)('names of any width (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    const occurred_at = new Date(Date.now() - 3_600_000).toISOString()
    const contributions = names.map(([id, name]) => ({
      type: 'answer',
      user: { id, username: name, display_name: id % 2 === 0 ? name : null },
      occurred_at,
      content: { type: 'questions.answer', id: '\ufdfd'.repeat(100) + id },
    }))
    await deliver(server.url, aMessage('contribution.created', contributions))
    await sendBusy(server.url)
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const inPage = async (path: string, width: number, use: (page: Page) => Promise<void>): Promise<void> => {
    const { page, close } = await openTab(browser, server.url, { viewport: { width, height: 900 } })
    await page.goto(path)
    await settled(page)
    await use(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await close()
  }

  /** Each name, whether it takes no more lines, and whether it stays within its cell or header. */
  const measured = async (page: Page, selector: string, lines = 1): Promise<[string, boolean, boolean][]> =>
    await page.locator(selector).evaluateAll((found, linesMax) => {
      const emMax = 1.4 * (linesMax + 1)
      return found.map((name) => {
        const [box, around] = [
          name.getBoundingClientRect(),
          name.closest('th, header')?.getBoundingClientRect(),
        ]
        const fits = box.height < emMax * Number.parseFloat(getComputedStyle(name).fontSize)
        const isWithin = around !== undefined && box.left >= around.left - 1 && box.right <= around.right + 1
        return [name.textContent, fits, isWithin]
      })
    }, lines)

  const isWhole = async (page: Page, selector: string): Promise<boolean> =>
    await page
      .locator(selector)
      .evaluate((name) => name.scrollWidth <= name.clientWidth && name.scrollHeight <= name.clientHeight)

  it.each([
    [3, 360],
    [1, 1280],
  ])('take no more lines than %i of a leaderboard %i px wide', async (lines, width) => {
    await inPage('/?board=support-forum&window=all', width, async (page) => {
      const expected = names.map(([, name, shown = name]) => [shown, true, true])
      expect(await measured(page, 'table.board .name', lines)).toEqual(expected)
      await screenshot(page, `names-${width}`)
    })
  })

  it('take no more than six lines of a profile 360 and 1280 px wide', async () => {
    const { page, close } = await openTab(browser, server.url)
    for (const [id, name, shown = name] of names) {
      await page.setViewportSize({ width: 360, height: 900 })
      await page.goto(`/users/${id}`)
      await settled(page)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        expect(await measured(page, 'h1 .name', 6)).toEqual([[shown, true, true]])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        if (id === 1) await screenshot(page, `profile-name-${width}`)
        if (id === 8) expect(await isWhole(page, 'h1 .name')).toBe(true)
      }
    }
    await close()
  })

  it('stay within every card and are not clipped, as all its text, in every variant and language', async () => {
    const { page, close } = await openTab(browser, server.url)
    const found: string[] = []
    for (const variant of variants) {
      for (const language of cardLanguages) {
        for (const id of ['en', 'ar'].includes(language) ? [1, 4, 10, busy] : [busy]) {
          const query = `variant=${variant}&lang=${language}&product=${id === busy ? 'firefox-for-a-name-of-some-length' : ''}`
          await page.goto(`/v1/users/${id}/card.svg?${query}`)
          const faults = await page.evaluate(() => {
            const frame = document.querySelector('.frame')?.getBoundingClientRect()
            // A heading is clipped by an <svg> of its own.
            const texts = [...document.querySelectorAll('text')].map((text) => {
              const [box, clip] = [
                text.getBoundingClientRect(),
                text.ownerSVGElement?.getBoundingClientRect(),
              ]
              return {
                text: text.textContent,
                y: Math.round(box.bottom),
                left: Math.max(box.left, clip?.left ?? 0),
                right: Math.min(box.right, clip?.right ?? 0),
                isClipped: box.width > (text.ownerSVGElement?.width.baseVal.value ?? 0),
              }
            })
            const clipped = texts.filter(({ isClipped }) => isClipped)
            const outside = texts.filter(
              ({ left, right }) => !frame || left < frame.left + 12 || right > frame.right - 12,
            )
            const touching = texts.filter((one) =>
              texts.some(
                (other) =>
                  other !== one && other.y === one.y && other.left >= one.left && other.left < one.right,
              ),
            )
            return [...clipped, ...outside, ...touching].map(({ text }) => text)
          })
          found.push(...faults.map((text) => `${id} ${query}: ${text}`))
        }
      }
    }
    expect(found).toEqual([])
    await close()
  })

  it('show the whole ID in place of a blank name at 360 px', async () => {
    await inPage('/?board=support-forum&window=all', 360, async (page) => {
      expect(await isWhole(page, 'table.board a[href="/users/6"] .name')).toBe(true)
    })
  })
})
