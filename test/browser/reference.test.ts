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
    expect(await page.locator('#readUser details').first().getAttribute('open')).toBeNull()
    await page.keyboard.press('Enter')
    expect(await page.locator('#readUser details[open] pre').first().innerText()).toContain('"lifetime"')
    expect(errors).toEqual([])
    await close()
  })

  it('shows all samples in the language of the chosen tab and copies in it, and copies a section’s address from the link at its heading', async () => {
    const { page, errors, close } = await open({
      permissions: ['clipboard-read', 'clipboard-write'],
      viewport: { width: 1280, height: 900 },
    })
    const copied = async (): Promise<string> =>
      await page.evaluate(async () => navigator.clipboard.readText())
    const request = page.locator('#readUser .code').first()
    await request.getByRole('radio', { name: 'curl' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await request.getByRole('radio', { name: 'Python' }).isChecked()).toBe(true)
    expect(await page.locator('#readMetric .code').first().locator('pre:visible').innerText()).toContain(
      'urllib.request',
    )
    await request.getByRole('button', { name: 'Copy A user' }).click()
    await request.getByText('Copied').waitFor()
    expect(await copied()).toContain(`request = '${server.url}/v1/users/42'`)
    await page.locator('#readUser-title .anchor').click()
    // Not by the word "Copied", which the first copy may still show.
    await expect.poll(copied).toBe(`${server.url}/docs#readUser`)
    expect(errors).toEqual([])
    await close()
  })

  it('searches the table of contents by method, path and summary, and marks there what is read', async () => {
    const { page, errors, close } = await open({ viewport: { width: 1280, height: 900 } })
    const contents = page.getByRole('navigation', { name: 'On this page' })
    const shown = async (): Promise<(string | undefined)[]> =>
      (await contents.locator('a:visible').allInnerTexts()).map((text) => text.split('\n')[0])
    const field = page.getByRole('searchbox', { name: 'Search this page' })
    await field.fill('post /v1/a')
    await expect.poll(shown).toEqual(['Operating', 'Run the next step of an audit'])
    await field.fill('HISTORY')
    await expect.poll(shown).toEqual(['Metrics', 'Get a metric over time', 'Schemas', 'MetricHistory'])
    await page.keyboard.press('Enter')
    await page.waitForURL(/#readMetricHistory$/)
    await field.fill('zebra')
    await expect.poll(shown).toEqual([])
    await contents.getByText('No entry matches').click()
    await field.press('Escape')
    await expect.poll(async () => (await shown()).length).toBeGreaterThan(40)
    await contents.getByText('Get a metric over time').click()
    await expect
      .poll(async () => await contents.locator('[aria-current]').first().innerText())
      .toContain('/v1/metrics/{metric}/history')
    expect(errors).toEqual([])
    await close()
  })

  it('finds parameters and fields, and opens what folds them away', async () => {
    const { page, errors, close } = await open({ viewport: { width: 1280, height: 900 } })
    const contents = page.getByRole('navigation', { name: 'On this page' })
    const shown = async (): Promise<(string | undefined)[]> =>
      (await contents.locator('a:visible').allInnerTexts()).map((text) => text.split('\n')[0])
    const field = page.getByRole('searchbox', { name: 'Search this page' })
    await field.fill('absence')
    const points = 'points.absence_factor'
    const operation = 'Get active, new and returning people'
    await expect
      .poll(shown)
      .toEqual(['Community', operation, `response.${points}`, 'Schemas', 'Community', points])
    await field.press('Enter')
    await page.waitForURL(/#readCommunity\.response\.points\.absence_factor$/)
    const target = page.locator(':target')
    await expect.poll(async () => await target.isVisible()).toBe(true)
    expect(await target.evaluate((found) => found.getBoundingClientRect().top)).toBeLessThan(900)
    await field.fill('volume group_by')
    await expect.poll(shown).toEqual(['Volume', 'Get the volume of contributions over time', 'group_by'])
    expect(errors).toEqual([])
    await close()
  })

  it.each([true, false])(
    'opens a folded schema that an address or a link leads to (with script: %s)',
    async (javaScriptEnabled) => {
      const { page, errors, close } = await open({ javaScriptEnabled })
      await page.goto('/docs#schema-UserStatistics')
      const schema = page.locator('#schema-UserStatistics')
      await schema.getByText('first_contribution_at').waitFor()
      expect(await page.locator('#schema-User').isVisible()).toBe(false)
      await schema.getByRole('link', { name: 'User', exact: true }).click()
      await page.locator('#schema-User').getByText('display_name').waitFor()
      expect(errors).toEqual([])
      await close()
    },
  )

  it('cuts a long response until the reader asks for all of it, also by keyboard and without script', async () => {
    const { page, close } = await open({ javaScriptEnabled: false })
    const listing = page.locator('#readLeaderboard details.answer .is-long').first()
    const height = async (): Promise<number> => (await listing.locator('pre').boundingBox())?.height ?? 0
    const before = await height()
    await listing.getByRole('checkbox', { name: /^Show all \d+ lines$/ }).press('Space')
    expect(await height()).toBeGreaterThan(before)
    await close()
  })

  it('has an index of its endpoints at 360 px', async () => {
    const { page, errors, close } = await open({ viewport: { width: 360, height: 900 } })
    const contents = page.getByRole('navigation', { name: 'On this page' })
    const endpoint = contents.getByRole('link', { name: 'GET /v1/responses' })
    expect(await endpoint.isVisible()).toBe(false)
    await contents.getByText('Contents', { exact: true }).press('Enter')
    await endpoint.click()
    await page.waitForURL(/#readResponses$/)
    expect(errors).toEqual([])
    await close()
  })

  it('shows the search field again after a jump to the end of the page and back', async () => {
    const { page, errors, close } = await open({ viewport: { width: 1280, height: 900 } })
    const contents = page.getByRole('navigation', { name: 'On this page' })
    // As a reader does, presses the key again if nothing happens.
    const scrolledBy = async (key: string): Promise<number> => {
      await page.keyboard.press(key)
      return await contents.evaluate(({ scrollTop }) => scrollTop)
    }
    await expect.poll(async () => scrolledBy('End')).toBeGreaterThan(100)
    await expect.poll(async () => scrolledBy('Home')).toBe(0)
    expect(errors).toEqual([])
    await close()
  })

  it('is complete without JavaScript', async () => {
    const { page, close } = await open({ javaScriptEnabled: false })
    expect(await page.locator('#readLeaderboard pre').first().innerText()).toContain(
      '/v1/leaderboards/overall',
    )
    expect(await page.locator('#readLeaderboard details[open] pre').first().innerText()).toContain(
      '"rank": 1',
    )
    await page.locator('#readLeaderboard').getByRole('radio', { name: 'Python' }).first().check()
    const sample = page.locator('#readLeaderboard pre:visible').first()
    expect(await sample.innerText()).toContain('urllib.request')
    expect(await page.getByRole('button').count()).toBe(0)
    await close()
  })
})
