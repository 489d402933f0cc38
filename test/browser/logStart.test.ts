import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver } from '../system/support/site.ts'
import { isHere, launch, openTab, settled } from './support/browser.ts'

const day = 86_400_000

/** Days ago. User 1 has a contribution on each of them. */
const [first, last] = [20, 1]

/* Nothing is known about the time before the earliest contribution, so no page takes it for a time without any. */
describe.skipIf(!isHere)('pages about a log that began 20 days ago (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser
  const begins = new Date(Date.now() - first * day)
  const date = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(begins)

  beforeAll(async () => {
    server = await startServer()
    const all = Array.from({ length: first - last + 1 }, (_, index) => ({
      type: 'answer',
      user: { id: 1, username: 'ana' },
      occurred_at: new Date(begins.getTime() + index * day).toISOString(),
      content: { type: 'demo', id: String(index) },
    }))
    await deliver(server.url, aMessage('contribution.created', all))
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const inTab = async (path: string, use: (page: Page) => Promise<void>): Promise<void> => {
    const { page, errors, close } = await openTab(browser, server.url, {
      viewport: { width: 1280, height: 4000 },
    })
    await page.goto(path)
    await settled(page)
    await use(page)
    expect(errors).toEqual([])
    await close()
  }

  /** What a chart says of its first point, of the point that it shows by itself, and of its last one. */
  const pointsOf = async (page: Page, panel: string): Promise<(string | null)[]> => {
    const chart = page.locator(panel).getByRole('slider')
    const said = async () => await chart.getAttribute('aria-valuetext')
    await expect.poll(said).toMatch(/: \d/)
    const shown = await said()
    await chart.focus()
    await page.keyboard.press('Home')
    await expect.poll(async () => await chart.getAttribute('aria-valuenow')).toBe('0')
    const oldest = await said()
    await page.keyboard.press('End')
    await expect.poll(said).not.toBe(oldest)
    return [oldest, shown, await said()]
  }

  it('the dashboard compares with no time before the log began, and says since when there are contributions', async () => {
    await inTab('/?range=90d', async (page) => {
      const text = async (part: string): Promise<string> => await page.locator(part).innerText()
      const tile = page.locator('.tile').last().locator('.change')
      await expect.poll(async () => await tile.innerText()).toBe(`log begins on ${date}`)
      await expect
        .poll(async () => await text('#volume .panel-head p'))
        .toBe(`20 contributions · nothing earlier to compare with, because the log begins on ${date}`)
      await expect
        .poll(async () => await text('.movers'))
        .toContain(`Nothing to compare yet, because the log begins on ${date}`)
      expect(await page.locator('.movers li').count()).toBe(0)
    })
  })

  it('a chart of the dashboard marks what lies before the log, and shows its last whole point', async () => {
    await inTab('/?range=90d', async (page) => {
      const [oldest, shown, newest] = await pointsOf(page, '#volume')
      expect(oldest).toMatch(new RegExp(`, log begins on ${date}: 0$`))
      expect(shown).toMatch(/^\w+, \w+ \d+, \d+: 1$/)
      expect(newest).toMatch(/, so far: \d$/)
      const history = await pointsOf(page, '#history')
      expect(history[0]).toMatch(new RegExp(`, 12:00 AM, log begins on ${date}: 0$`))
      expect(history[1]).toMatch(new RegExp(`^Now \\([^)]*\\), log begins on ${date}: 1$`))
    })
  })

  it('an interval that the range cuts says from which day it counts', async () => {
    const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
    const wednesday = begins.getTime() + (1 + ((9 - begins.getUTCDay()) % 7)) * day
    await inTab(`/?from=${dateOf(wednesday)}&last=${dateOf(Date.now())}&interval=week`, async (page) => {
      const [oldest] = await pointsOf(page, '#volume')
      expect(oldest).toMatch(/^Week from Mon, .*, only from \w+ \d+, \d+: 5$/)
    })
  })

  it('a profile has ranks without changes if the log began less than 30 days ago, and no word on a year that has not begun', async () => {
    await inTab('/users/1', async (page) => {
      await expect
        .poll(async () => await page.locator('#ranks .panel-head p').innerText())
        .toBe(`Rank on each leaderboard, without changes, because the log begins on ${date}`)
      await page.locator('.ranks strong').first().waitFor()
      expect(await page.locator('.ranks li').first().innerText()).toMatch(/^Support forum\s+1 of 1$/)
      expect(await page.locator('.movement').count()).toBe(0)
      await page.locator('.year-table').waitFor()
      const isOneYear = begins.getUTCFullYear() === new Date().getUTCFullYear()
      const note = await page.locator('#years .panel-head').innerText()
      expect(note.includes('so the year after has no change')).toBe(!isOneYear)
    })
  })
})
