import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver, read } from '../system/support/site.ts'
import { isHere, launch, openTab, settled, type WatchedPage } from './support/browser.ts'
import { hostileNames, hostileUsers, people, sendCommunity } from './support/community.ts'

describe.skipIf(!isHere)('people use the pages (skipped where there is no Chromium)', () => {
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

  /** Runs in a tab in which nothing may go wrong. */
  const inTab = async (
    path: string,
    use: (page: Page) => Promise<void>,
    options: Parameters<typeof openTab>[2] = {},
  ): Promise<void> => {
    const tab: WatchedPage = await openTab(browser, server.url, options)
    try {
      await tab.page.goto(path)
      if (options.javaScriptEnabled !== false) await settled(tab.page)
      await use(tab.page)
      expect(tab.faults).toEqual([])
    } finally {
      await tab.close()
    }
  }

  const ranksShown = async (page: Page): Promise<string[]> => {
    await settled(page)
    return await page.locator('table.board tbody tr').allInnerTexts()
  }

  const idsShown = async (page: Page): Promise<number[]> => {
    await settled(page)
    const links = await page
      .locator('table.board tbody a')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''))
    return links.map((href) => Number(href.split('/').at(-1)))
  }

  it('filters by board, time, product and locale, and shows what the API says', async () => {
    await inTab('/', async (page) => {
      await page.getByRole('link', { name: 'Overall', exact: true }).click()
      await page.waitForURL(/board=overall/)
      await page
        .getByRole('list', { name: 'Time that the leaderboard counts' })
        .getByRole('link', { name: 'all' })
        .click()
      await page.waitForURL(/window=all/)
      await page.getByLabel('Product').fill('thunderbird')
      await page.getByLabel('Locale').fill('de')
      await page.getByRole('button', { name: 'Apply' }).click()
      await page.waitForURL(/(?=.*product=thunderbird).*locale=de/)
      const expected = await read(
        server.url,
        '/v1/leaderboards/overall?window=all&product=thunderbird&locale=de',
      )
      await expect
        .poll(async () => idsShown(page))
        .toEqual(expected.entries.map(({ user }: { user: { id: number } }) => user.id))
    })
  })

  it('turns pages forward and goes back with the browser, and an address shows the same to somebody else', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const first = await ranksShown(page)
      expect(first).toHaveLength(20)
      await page.getByRole('link', { name: 'Next page' }).click()
      await expect.poll(async () => (await ranksShown(page)).join()).not.toBe(first.join())
      const second = await ranksShown(page)
      await inTab(page.url().replace(server.url, ''), async (shared) => {
        expect(await ranksShown(shared)).toEqual(second)
      })
      await page.goBack()
      await expect.poll(async () => ranksShown(page)).toEqual(first)
    })
  })

  it.each([
    ['a user name, in other capitals', 'BJÖRN-31'],
    ['an id', '31'],
  ])('finds %s and goes to the neighbours', async (_, search) => {
    await inTab('/?board=overall&window=all', async (page) => {
      await page.getByLabel('Find a contributor').fill(search)
      await page.getByRole('button', { name: 'Find' }).click()
      await page.getByText(/has rank/).waitFor()
      const ids = await idsShown(page)
      expect(ids).toHaveLength(11)
      expect(ids[5]).toBe(31)
      expect(await page.locator('tr[aria-current="true"]').innerText()).toContain('Björn-31')
    })
  })

  it('leads from a number to exactly the contributions behind it', async () => {
    await inTab('/users/1', async (page) => {
      const number = page.locator('table.totals tbody tr').nth(2).getByRole('link').first()
      const count = Number((await number.innerText()).split('\n')[0]?.replaceAll(/\D/g, ''))
      expect(count).toBeGreaterThan(20)
      await number.click()
      await page.waitForURL(/type=answer/)
      let listed = 0
      for (;;) {
        await settled(page)
        listed += await page.locator('table.contributions tbody tr').count()
        const next = page.locator('#contributions').getByRole('link', { name: 'Next page' })
        if ((await next.count()) === 0) break
        const before = page.url()
        await next.click()
        await page.waitForURL((url) => url.href !== before)
      }
      expect(listed).toBe(count)
    })
  })

  it('changes the range and the points of the chart, and reads them out by arrow keys', async () => {
    await inTab('/', async (page) => {
      await page.getByRole('link', { name: '90 days' }).first().click()
      await page.getByRole('link', { name: 'Weekly' }).click()
      await page.waitForURL(/interval=week/)
      await settled(page)
      const chart = page.getByRole('slider')
      await expect.poll(async () => Number(await chart.getAttribute('aria-valuemax'))).toBeLessThan(15)
      await chart.focus()
      await page.keyboard.press('Home')
      const first = await chart.getAttribute('aria-valuetext')
      await page.keyboard.press('ArrowRight')
      await expect.poll(async () => await chart.getAttribute('aria-valuetext')).not.toBe(first)
    })
  })

  it('can be used by keyboard alone: from the top to a user of the board', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/skip/i)
      await page.keyboard.press('Enter')
      for (let tabs = 0; tabs < 100; tabs += 1) {
        await page.keyboard.press('Tab')
        const isFocused = await page.evaluate(() => document.activeElement?.closest('table.board') !== null)
        if (isFocused) break
      }
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/users\/1$/)
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('-1')
    })
  })

  it('shows the first content without script', async () => {
    const withoutScript = { javaScriptEnabled: false }
    await inTab(
      '/',
      async (page) => {
        expect(await page.locator('table.board tbody tr').count()).toBe(20)
        expect(await page.locator('.tile-value').allInnerTexts()).not.toContain('–')
        await page.getByRole('link', { name: 'Reviews' }).first().click()
        await page.waitForURL(/board=reviews/)
        expect(await page.locator('table.board tbody tr').count()).toBe(20)
      },
      withoutScript,
    )
    await inTab(
      '/users/2',
      async (page) => {
        expect(await page.locator('table.totals a').count()).toBeGreaterThan(5)
        expect(await page.locator('table.contributions tbody tr').count()).toBe(20)
      },
      withoutScript,
    )
  })

  it('updates by itself, and keeps still for who wants it so', async () => {
    await inTab(
      '/?board=overall&window=all',
      async (page) => {
        const position = async (): Promise<string> => await page.locator('.as-of').innerText()
        const before = await position()
        const { position: appended } = await deliver(
          server.url,
          aMessage('contribution.created', {
            type: 'answer',
            user: { id: people + 1, username: 'newcomer' },
            occurred_at: new Date().toISOString(),
            content: { type: 'demo.answer', id: `new-${Date.now()}` },
          }),
        )
        await expect.poll(position).toContain(appended.toLocaleString('en-US'))
        expect(await position()).not.toBe(before)
        const moving = await page.evaluate(
          () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
        )
        expect(moving).toBe(0)
      },
      { reducedMotion: 'reduce' },
    )
  })

  it.each([
    ['/users/2', '#embed'],
    ['/docs', 'main'],
  ])(
    'fills this site in where %s has codes to copy, and names a placeholder without script',
    async (path, part) => {
      const codes = async (page: Page): Promise<string> =>
        (await page.locator(`${part} pre`).allInnerTexts()).join('\n')
      await inTab(path, async (page) => {
        await expect.poll(async () => codes(page), { timeout: 60_000 }).toContain(server.url)
        expect(await codes(page)).not.toContain('your-perennial.example')
      })
      const withoutScript = { javaScriptEnabled: false }
      await inTab(
        path,
        async (page) => {
          expect(await codes(page)).toContain('https://your-perennial.example')
          expect(await codes(page)).not.toContain(server.url)
        },
        withoutScript,
      )
    },
  )

  it.each(['/?board=overall&window=all', '/users/3'])(
    'a page that a cache kept shows the numbers of now at once, and when they are from: %s',
    async (path) => {
      const kept = await (await fetch(server.url + path)).text()
      const [, keptAt = ''] = /<time dateTime="([^"]+)"/i.exec(kept) ?? []
      const tab = await openTab(browser, server.url)
      await tab.page.clock.install({ time: Date.parse(keptAt) + 60_000 })
      await tab.page.route(server.url + path, async (route) =>
        route.fulfill({ body: kept, contentType: 'text/html; charset=utf-8' }),
      )
      await tab.page.goto(path)
      const shownAt = async () => await tab.page.locator('.as-of time').getAttribute('datetime')
      // Far less than the time between two refreshes, by the page's clock.
      await tab.page.clock.runFor(2000)
      await expect.poll(shownAt, { timeout: 60_000 }).not.toBe(keptAt)
      expect(tab.faults).toEqual([])
      await tab.close()
    },
  )

  it.each(hostileUsers.map((id, index) => [id, hostileNames[index] ?? ''] as const))(
    'shows the name of user %s as text: %s',
    async (id, name) => {
      for (const path of [`/users/${id}`, `/?board=support-forum&window=all&around=${id}`]) {
        await inTab(path, async (page) => {
          expect(await page.locator('body').innerText()).toContain(name)
          expect(await page.title()).not.toBe('run')
          expect(
            await page.locator('main script:not([type="application/json"]), main img[src="x"]').count(),
          ).toBe(0)
        })
      }
      await inTab(`/v1/users/${id}/card.svg`, async (page) => {
        expect(await page.evaluate(() => document.querySelectorAll('script, image, a').length)).toBe(0)
        expect(await page.evaluate(() => document.documentElement.textContent)).toContain(name.slice(0, 8))
      })
      const csv = await (
        await fetch(`${server.url}/v1/leaderboards/support-forum.csv?window=all&around=${id}`)
      ).text()
      expect(csv).not.toMatch(/(?:^|,|")[=+@-][A-Z]/m)
      expect(csv).toContain(name.replaceAll('"', '""').slice(0, 12))
    },
  )

  it('refuses script as a product or a locale, and shows what was typed as text', async () => {
    const script = `<script>document.title='run'</script>`
    const query = new URLSearchParams({ product: script, locale: script }).toString()
    const tab = await openTab(browser, server.url)
    await tab.page.goto(`/?${query}`)
    await tab.page.locator('.trouble').first().waitFor()
    expect(await tab.page.getByLabel('Product').inputValue()).toBe(script)
    expect(await tab.page.title()).not.toBe('run')
    // Chromium reports the API's refusals (400) on the console; nothing else may be there.
    expect(tab.faults.filter((fault) => !fault.includes('400'))).toEqual([])
    await tab.close()
  })
})
