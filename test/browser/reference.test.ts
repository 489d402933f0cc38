import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { isHere, launch, openTab, type WatchedPage } from './support/browser.ts'

describe.skipIf(!isHere)('GET /docs (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const open = async (options: Parameters<typeof openTab>[2] = {}): Promise<WatchedPage> => {
    const tab = await openTab(browser, server.url, options)
    await tab.page.goto('/docs')
    return tab
  }

  it('copies a request with the address of this site', async () => {
    const { page, errors, close } = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    const request = page.locator('#readUser .code').first()
    await request.getByRole('button', { name: 'Copy A user' }).click()
    await request.getByText('Copied').waitFor()
    const copied = await page.evaluate(async () => await navigator.clipboard.readText())
    expect(copied).toBe(`curl -sS ${server.url}/v1/users/42`)
    expect(errors).toEqual([])
    await close()
  })

  it('can be used by keyboard alone, to jump to a section and open a response', async () => {
    const { page, errors, close } = await open({ viewport: { width: 1280, height: 900 } })
    await page.getByRole('navigation', { name: 'On this page' }).getByText('Get a user’s statistics').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#readUser$/)
    // The Tab key continues from the target of the link.
    const focused = async (): Promise<string> =>
      await page.evaluate(() =>
        document.activeElement?.closest('[id="readUser"]') ? (document.activeElement?.textContent ?? '') : '',
      )
    let presses = 0
    for (; presses < 30 && !(await focused()).startsWith('Response'); presses += 1)
      await page.keyboard.press('Tab')
    expect(await focused()).toBe('Response: A user')
    await page.keyboard.press('Enter')
    expect(await page.locator('#readUser details[open] pre').first().innerText()).toContain('"lifetime"')
    expect(errors).toEqual([])
    await close()
  })

  it('is complete without JavaScript', async () => {
    const { page, close } = await open({ javaScriptEnabled: false })
    expect(await page.locator('#readLeaderboard pre').first().innerText()).toContain(
      '/v1/leaderboards/overall',
    )
    await page.locator('#readLeaderboard summary').first().click()
    expect(await page.locator('#readLeaderboard details[open] pre').innerText()).toContain('"rank": 1')
    expect(await page.getByRole('button').count()).toBe(0)
    await close()
  })
})
