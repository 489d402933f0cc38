import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { read } from '../system/support/site.ts'
import { isHere, launch, openTab, settled } from './support/browser.ts'
import { sendCommunity } from './support/community.ts'

describe.skipIf(!isHere)('filters and what they read (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    await sendCommunity(server.url)
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  interface Opened {
    page: Page
    /** The addresses of the API that the page has read since this was last called, without their dates. */
    asked: () => string[]
  }

  const withPage = async (
    path: string,
    use: (opened: Opened) => Promise<void>,
    options: Parameters<typeof openTab>[2] = {},
  ): Promise<void> => {
    const { page, errors, close } = await openTab(browser, server.url, {
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    const addresses: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      for (const name of ['from', 'to', 'time_zone', 'limit']) searchParams.delete(name)
      if (pathname.startsWith('/v1/')) addresses.push(`${pathname.slice('/v1/'.length)} ${searchParams}`)
    })
    await page.goto(path)
    if (options.javaScriptEnabled !== false) await settled(page)
    await use({ page, asked: () => addresses.splice(0).toSorted() })
    expect(errors).toEqual([])
    await close()
  }

  it('the dashboard scans the log five times, and once more when the largest gains come into view', async () => {
    await withPage('/', async ({ page, asked }) => {
      const histories = ['active', 'kb', 'l10n', 'support_forum'].map(
        (name) => `metrics/${name}_contributors/history interval=day`,
      )
      // Where the log begins is no scan.
      expect(asked()).toEqual([...histories, 'status ', 'volume interval=day'])
      const before = page.waitForResponse(/\/v1\/leaderboards\/support-forum\?from=/)
      await page.locator('.movers').scrollIntoViewIfNeeded()
      await before
      // The last 30 days are live, those before them are not.
      expect(asked()).toEqual(['leaderboards/support-forum ', 'leaderboards/support-forum window=30d'])
    })
  })

  it('the chart shows the year of any tile, in any interval, without another read', async () => {
    await withPage('/', async ({ page, asked }) => {
      asked()
      const chart = page.locator('#history').getByRole('slider')
      const pointsAre = async (count: number): Promise<void> =>
        await expect.poll(async () => Number(await chart.getAttribute('aria-valuemax')) + 1).toBe(count)
      await pointsAre(366)
      await page.locator('.tile-link', { hasText: 'Knowledge base contributors' }).click()
      await page.getByRole('heading', { name: 'Knowledge base contributors' }).waitFor()
      await settled(page)
      await pointsAre(366)
      expect(asked()).toEqual([])
      await page.getByRole('link', { name: '90 days' }).first().click()
      await settled(page)
      await pointsAre(91)
      expect(asked()).toEqual(['volume interval=day'])
    })
  })

  const optionsOf = async (page: Page, filter: string): Promise<string[]> =>
    await page.getByRole('combobox', { name: filter, exact: true }).locator('option').allInnerTexts()

  /** The values of a field with their contributions in the last 365 days, today included, as the API counts them. */
  const countsIn = async (field: string): Promise<string[]> => {
    const from = new Date(Date.now() - 364 * 86_400_000).toISOString().slice(0, 10)
    const names = new Intl.DisplayNames('en', { type: 'language' })
    const { series } = await read(server.url, `/v1/volume?group_by=${field}&interval=year&from=${from}`)
    return series
      .filter(({ name }: { name: string }) => name !== '')
      .map(({ name, points }: { name: string; points: { contributions: number }[] }) => {
        const count = points.reduce((sum, { contributions }) => sum + contributions, 0)
        const title = field === 'locale' ? `${names.of(name)} (${name})` : name
        return `${title}: ${count.toLocaleString('en-US')}`
      })
  }

  it.each(['/', '/community'])(
    'products and locales are offered with their counts to a reader who comes to them on %s',
    async (path) => {
      await withPage(path, async ({ page, asked }) => {
        expect(await optionsOf(page, 'Product')).toEqual(['All', 'Loading…', 'Other…'])
        asked()
        await page.getByRole('combobox', { name: 'Product', exact: true }).hover()
        await expect
          .poll(async () => optionsOf(page, 'Product'))
          .toEqual(['All', ...(await countsIn('product')), 'Other…'])
        await page.getByRole('combobox', { name: 'Locale', exact: true }).focus()
        await expect
          .poll(async () => optionsOf(page, 'Locale'))
          .toEqual(['All', ...(await countsIn('locale')), 'Other…'])
        expect(asked()).toEqual([
          'volume group_by=locale&interval=year',
          'volume group_by=product&interval=year',
        ])
      })
    },
  )

  it.each(['/', '/community'])('a filter keeps the focus of a keyboard on %s', async (path) => {
    await withPage(path, async ({ page }) => {
      const product = page.getByRole('combobox', { name: 'Product', exact: true })
      await product.focus()
      await expect.poll(async () => optionsOf(page, 'Product')).toHaveLength(4)
      await page.keyboard.press('ArrowDown')
      await page.waitForURL(/product=firefox/)
      await settled(page)
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('product')
      expect(await product.inputValue()).toBe('firefox')
      await page.locator('.filters').getByRole('link', { name: 'Clear' }).click()
      await page.waitForURL((url) => !url.search.includes('product'))
      expect(await product.inputValue()).toBe('')
    })
  })

  /** The focused element: its kind and ID. */
  const focusedIn = async (page: Page): Promise<string> =>
    await page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.id}`)

  it.each(['/', '/community'])(
    'a filter whose values fail at first keeps the focus, and what is typed when they come, on %s',
    async (path) => {
      await withPage(path, async ({ page }) => {
        const { promise: released, resolve: release } = Promise.withResolvers<void>()
        let hasFailed = false
        await page.route(/group_by=product/, async (route) => {
          if (hasFailed) return await released.then(async () => route.continue())
          hasFailed = true
          return await route.fulfill({ status: 503, headers: { 'retry-after': '1' }, body: '{}' })
        })
        const product = page.getByRole('combobox', { name: 'Product', exact: true })
        await product.focus()
        await expect.poll(async () => optionsOf(page, 'Product')).toEqual(['All', 'Not loaded.', 'Other…'])
        expect(await focusedIn(page)).toBe('SELECT product')
        const loaded = page.waitForResponse(/group_by=product/)
        await product.selectOption('Other…')
        await page.keyboard.type('thund')
        release()
        await (await loaded).finished()
        await page.keyboard.type('erbird')
        expect(await focusedIn(page)).toBe('INPUT product')
        await page.keyboard.press('Enter')
        await page.waitForURL(/product=thunderbird/)
        await expect.poll(async () => focusedIn(page)).toBe('SELECT product')
        expect(await product.inputValue()).toBe('thunderbird')
      })
    },
  )

  it.each(['/', '/community'])('a filter takes a value that it does not list on %s', async (path) => {
    await withPage(path, async ({ page }) => {
      const locale = page.getByRole('combobox', { name: 'Locale', exact: true })
      await locale.focus()
      await expect.poll(async () => optionsOf(page, 'Locale')).toHaveLength(4)
      await page.keyboard.press('End')
      await expect.poll(async () => focusedIn(page)).toBe('INPUT locale')
      // A reader who types nothing gets the list again.
      await page.keyboard.press('Tab')
      await locale.waitFor()
      expect(await focusedIn(page)).not.toMatch(/locale|BODY/)
      await locale.selectOption('Other…')
      await page.keyboard.type('pt-BR')
      await page.keyboard.press('Enter')
      await page.waitForURL(/locale=pt-BR/)
      await expect
        .poll(async () => optionsOf(page, 'Locale'))
        .toEqual(['All', 'Brazilian Portuguese (pt-BR): 0', ...(await countsIn('locale')), 'Other…'])
      expect(await locale.inputValue()).toBe('pt-BR')
    })
  })

  it('a link to what a page shows by default leads there from any other address', async () => {
    await withPage('/?board=kb', async ({ page }) => {
      await page.getByRole('link', { name: 'Support forum', exact: true }).click()
      await page.waitForURL((url) => url.search === '')
      await page.getByRole('heading', { name: 'Support forum', exact: true }).waitFor()
    })
  })

  it.each([360, 1280])('at %i px, each table that scrolls sideways says so, and no other', async (width) => {
    const readHints = async (page: Page) =>
      await page.locator('.scroll, .scroll-x').evaluateAll((all) =>
        all
          .filter((each) => each.checkVisibility())
          .map((each) => ({
            name: each.ariaLabel,
            scrolls: each.scrollWidth > each.clientWidth + 1,
            says: each.closest('.scrolled')?.querySelector('.scroll-hint')?.checkVisibility(),
          })),
      )
    const scrolled: (string | null)[] = []
    for (const path of ['/users/1', '/community'])
      await withPage(
        path,
        async ({ page }) => {
          await page.locator('#years').or(page.locator('#concentration')).scrollIntoViewIfNeeded()
          await settled(page)
          await expect
            .poll(async () => (await readHints(page)).every(({ scrolls, says }) => scrolls === says))
            .toBe(true)
          for (const { name, scrolls } of await readHints(page)) if (scrolls) scrolled.push(name)
        },
        { viewport: { width, height: 900 } },
      )
    if (width === 360) expect(scrolled).toContain('Retention of each cohort')
    else expect(scrolled).not.toContain('Retention of each cohort')
  })

  it.each(['/', '/community'])('filters are fields for text without script on %s', async (path) => {
    await withPage(
      path,
      async ({ page }) => {
        await page.getByLabel('Product').fill('thunderbird')
        await page.getByLabel('Locale').fill('de')
        await page.getByRole('button', { name: 'Apply' }).click()
        await page.waitForURL(/(?=.*product=thunderbird).*locale=de/)
        expect(await page.getByLabel('Product').inputValue()).toBe('thunderbird')
        expect(await page.getByLabel('Locale').inputValue()).toBe('de')
      },
      { javaScriptEnabled: false },
    )
  })
})
