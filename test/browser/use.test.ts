import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver, read } from '../system/support/site.ts'
import { isHere, launch, openTab, settled, type WatchedPage } from './support/browser.ts'
import { hostileNames, hostileUsers, people, sendCommunity } from './support/community.ts'

describe.skipIf(!isHere)('using the pages (skipped without Chromium)', () => {
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

  /** Runs in a tab, and expects no errors there. */
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
      expect(tab.errors).toEqual([])
    } finally {
      await tab.close()
    }
  }

  /** Chooses a value of a filter, which loads its values when a reader comes to it. */
  const choose = async (page: Page, filter: string, value: string): Promise<void> => {
    const field = page.getByRole('combobox', { name: filter, exact: true })
    await field.hover()
    await field.selectOption(value)
  }

  const rowsShown = async (page: Page): Promise<string[]> => {
    await settled(page)
    return await page.locator('table.board tbody tr').allInnerTexts()
  }

  const idsShown = async (page: Page): Promise<number[]> => {
    await settled(page)
    const links = await page
      .locator('table.board tbody a.person-name')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''))
    return links.map((href) => Number(href.split('/').at(-1)))
  }

  it('the leaderboard filters by board, window, product and locale like the API', async () => {
    await inTab('/', async (page) => {
      await page.getByRole('link', { name: 'Overall', exact: true }).click()
      await page.waitForURL(/board=overall/)
      await page.getByLabel('Period', { exact: true }).selectOption('All time')
      await page.waitForURL(/window=all/)
      await choose(page, 'Product', 'thunderbird')
      await page.waitForURL(/product=thunderbird/)
      await choose(page, 'Locale', 'de')
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

  it('the leaderboard has pages, which the back button and shared links restore', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const first = await rowsShown(page)
      expect(first).toHaveLength(20)
      await page.getByRole('link', { name: 'Next page' }).click()
      await expect.poll(async () => (await rowsShown(page)).join()).not.toBe(first.join())
      const second = await rowsShown(page)
      await inTab(page.url().replace(server.url, ''), async (shared) => {
        expect(await rowsShown(shared)).toEqual(second)
      })
      await page.goBack()
      await expect.poll(async () => rowsShown(page)).toEqual(first)
    })
  })

  it.each([
    ['a username in another case', 'BJÖRN-31'],
    ['an ID', '31'],
  ])('a search for %s shows the neighbours of the user', async (_, search) => {
    await inTab('/?board=overall&window=all', async (page) => {
      await page.getByLabel('Find a contributor').fill(search)
      await page.getByRole('button', { name: 'Find' }).click()
      await page.getByText(/is ranked/).waitFor()
      const ids = await idsShown(page)
      expect(ids).toHaveLength(11)
      expect(ids[5]).toBe(31)
      expect(await page.locator('tr[aria-current="true"]').innerText()).toContain('Björn-31')
    })
  })

  it('at 360 px one field for all periods stands between the heading of a board and its first rank', async () => {
    await inTab(
      '/?board=overall',
      async (page) => {
        const panel = page.locator('.board-panel')
        expect(
          await panel
            .locator('.controls')
            .locator('a, button, input, select')
            .filter({ visible: true })
            .count(),
        ).toBe(1)
        const head = await panel.locator('.panel-head').boundingBox()
        const table = await panel.locator('table.board').boundingBox()
        expect((table?.y ?? 0) - (head?.y ?? 0) - (head?.height ?? 0)).toBeLessThan(200)
        await page.getByText('Other number of days').click()
        await page.getByLabel('1 to 3660 days').fill('45')
        await panel.getByRole('button', { name: 'Show' }).click()
        await page.waitForURL(/window=45d/)
        expect(await page.getByLabel('Period', { exact: true }).inputValue()).toBe('45d')
      },
      { viewport: { width: 360, height: 800 } },
    )
  })

  it('the field for periods works without JavaScript', async () => {
    await inTab(
      '/?board=overall',
      async (page) => {
        await page.getByLabel('Period', { exact: true }).selectOption('Last 30 days')
        await page.locator('.board-panel').getByRole('button', { name: 'Show' }).first().click()
        await page.waitForURL(/period=30d/)
        expect(await page.locator('.board-panel .panel-head').innerText()).toContain(', last 30 days')
        const { entries } = await read(server.url, '/v1/leaderboards/overall?window=30d')
        expect(await page.locator('table.board tbody tr').count()).toBe(entries.length)
      },
      { javaScriptEnabled: false },
    )
  })

  it.each([
    ['around a user', 'around=31'],
    ['after a search', 'search=31'],
  ])('%s, a board grows to 31 and 99 neighbours, and the rank of the user stays in view', async (_, user) => {
    await inTab(`/?board=overall&window=all&${user}`, async (page) => {
      expect(await idsShown(page)).toHaveLength(11)
      const rank = await page.locator('.own-rank').innerText()
      await page.getByRole('link', { name: 'Show 31 neighbours' }).click()
      await page.waitForURL(/neighbours=31/)
      await expect.poll(async () => await idsShown(page)).toHaveLength(31)
      expect((await idsShown(page))[15]).toBe(31)
      await page.locator('table.board tbody tr').last().scrollIntoViewIfNeeded()
      expect(await page.locator('.own-rank').innerText()).toBe(rank)
      const box = await page.locator('.own-rank').boundingBox()
      expect([(box?.y ?? -1) >= 0, (box?.y ?? 900) < 720]).toEqual([true, true])
      await page.getByRole('link', { name: 'Show 99 neighbours' }).click()
      const { total } = await read(server.url, '/v1/leaderboards/overall?window=all')
      await expect.poll(async () => await idsShown(page)).toHaveLength(total)
      expect(await page.getByRole('link', { name: /^Show \d+ neighbours$/ }).count()).toBe(0)
      await page.goBack()
      await expect.poll(async () => await idsShown(page)).toHaveLength(31)
    })
  })

  it('a keyboard goes through the periods of a leaderboard without losing its place', async () => {
    await inTab('/', async (page) => {
      const period = page.getByLabel('Period', { exact: true })
      await period.focus()
      for (const window of ['365d', 'all']) {
        await page.keyboard.press('ArrowDown')
        await page.waitForURL(new RegExp(`window=${window}`))
        await settled(page)
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('period')
      }
    })
  })

  /** Presses a key in an element, waits for what that loads, and returns the element that has the focus then. */
  const focusAfter = async (page: Page, element: Locator, key: string): Promise<string> => {
    await element.focus()
    const before = page.url()
    await page.keyboard.press(key)
    await page.waitForURL((url) => url.href !== before)
    await settled(page)
    return await page.evaluate(() => {
      const { localName, id, ariaLabel, textContent } = document.activeElement ?? document.body
      const isPart = ['body', 'section', 'form'].includes(localName)
      return `${localName} ${id || ariaLabel || (isPart ? document.activeElement?.className : textContent)}`
    })
  }

  it('a keyboard keeps its place when what it is in is replaced', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const from = page.getByLabel('From', { exact: true })
      await from.fill('2026-01-01')
      expect(await focusAfter(page, from, 'Enter')).toBe('input from')
      await from.fill('2026-01-02')
      const show = page.locator('#history').getByRole('button', { name: 'Show' })
      expect(await focusAfter(page, show, 'Enter')).toBe('button Show')
      expect(await focusAfter(page, page.getByRole('link', { name: 'Next page' }), 'Enter')).toBe(
        'section panel board-panel',
      )
      await page.getByText('Other number of days').click()
      const days = page.getByLabel('1 to 3660 days')
      await days.fill('400')
      expect(await focusAfter(page, days, 'Enter')).toBe('input window')
      const search = page.getByRole('combobox', { name: 'Find a contributor' })
      await search.fill('31')
      expect(await focusAfter(page, search, 'Enter')).toBe('input search')
      const more = page.getByRole('link', { name: 'Show 31 neighbours' })
      expect(await focusAfter(page, more, 'Enter')).toBe('section panel board-panel')
    })
    await inTab('/community?group=staff', async (page) => {
      expect(await focusAfter(page, page.getByRole('link', { name: 'Clear' }), 'Enter')).toBe('form Filters')
    })
    await inTab('/users/1', async (page) => {
      const next = page.locator('#contributions').getByRole('link', { name: 'Next page' })
      expect(await focusAfter(page, next, 'Enter')).toBe('nav Contribution pages')
    })
  })

  it('the focus follows a link to another part of the page', async () => {
    await inTab('/users/1', async (page) => {
      const number = page.locator('table.totals tbody tr').nth(2).getByRole('link').first()
      expect(await focusAfter(page, number, 'Enter')).toBe('section contributions')
      await page.getByRole('slider').focus()
      await page.keyboard.press('Home')
      expect(await focusAfter(page, page.getByRole('slider'), 'Enter')).toBe('section contributions')
    })
  })

  it('a reader who leaves an element is not brought back when it is removed', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const link = page.getByRole('link', { name: 'Next page' })
      await link.focus()
      await link.blur()
      await link.evaluate((element) => element.remove())
      await page.evaluate(async () => new Promise((resolve) => setTimeout(resolve)))
      expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body')
    })
  })

  it.each([360, 1280])(
    'at %i px the rank that stays in view covers no link that the keyboard reaches from below',
    async (width) => {
      await inTab(
        '/?board=overall&window=all&around=31&neighbours=31',
        async (page) => {
          await page.locator('.pages a').last().focus()
          let reached = 0
          for (let tabs = 0; tabs < 70; tabs += 1) {
            await page.keyboard.press('Shift+Tab')
            const covered = await page.evaluate(() => {
              const link = document.activeElement?.closest('table.board a')?.getBoundingClientRect()
              const notice = document.querySelector('.own-rank')?.getBoundingClientRect()
              return link && notice && notice.bottom - link.top
            })
            if (covered === undefined) continue
            reached += 1
            expect(covered).toBeLessThanOrEqual(0)
          }
          expect(reached).toBe(62)
        },
        { viewport: { width, height: 700 } },
      )
    },
  )

  it('a number in the totals links to exactly the contributions behind it', async () => {
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

  it('the chart changes its range and interval, and arrow keys move between points', async () => {
    await inTab('/', async (page) => {
      await page.getByRole('link', { name: '90 days' }).first().click()
      await page.getByRole('link', { name: 'Weekly' }).click()
      await page.waitForURL(/interval=week/)
      await settled(page)
      const chart = page.locator('#history').getByRole('slider')
      await expect.poll(async () => Number(await chart.getAttribute('aria-valuemax'))).toBeLessThan(15)
      await chart.focus()
      await page.keyboard.press('Home')
      const first = await chart.getAttribute('aria-valuetext')
      await page.keyboard.press('ArrowRight')
      await expect.poll(async () => await chart.getAttribute('aria-valuetext')).not.toBe(first)
    })
  })

  it('the keyboard alone leads from the top of the dashboard to a user of the leaderboard', async () => {
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

  it('the first content is there without JavaScript', async () => {
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
      '/community',
      async (page) => {
        expect(await page.locator('.bars-part').count()).toBeGreaterThan(20)
        expect(await page.locator('.triangle .kept').count()).toBeGreaterThan(20)
        expect(await page.locator('.notice').innerText()).toContain('Without JavaScript')
        await page.getByRole('link', { name: 'By product' }).click()
        await page.waitForURL(/split=product/)
        expect(await page.locator('.ranking tbody th').allInnerTexts()).toEqual([
          'firefox',
          'thunderbird',
          'None',
        ])
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

  it('without JavaScript nothing loads for ever, and nothing offers what only a script can do', async () => {
    const shown = async (page: Page): Promise<string> => await page.locator('main').innerText()
    const withoutScript = { javaScriptEnabled: false }
    await inTab(
      '/',
      async (page) => {
        expect(await shown(page)).not.toContain('Loading')
        for (const panel of ['#history', '#volume'])
          expect(await page.locator(panel).innerText()).toContain(
            'Enable JavaScript for the chart, or download',
          )
      },
      withoutScript,
    )
    await inTab(
      '/users/1',
      async (page) => {
        const text = await shown(page)
        for (const part of ['Loading', '…', 'Scroll left', 'Select a day to'])
          expect(text).not.toContain(part)
        expect(text).toContain('Enable JavaScript to select a day here, or select one in the table.')
        expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)
      },
      { ...withoutScript, viewport: { width: 360, height: 800 } },
    )
  })

  it('a screen reader says what a chart and ranks show once they have changed', async () => {
    await inTab('/', async (page) => {
      const said = page.locator('#history > [role="status"]')
      const [title, ...rest] = (await said.innerText()).split(', ')
      expect(title).toBe(await page.locator('#history-title').innerText())
      expect(rest.slice(-2)).toEqual(['Daily', 'UTC'])
      await page.getByRole('link', { name: 'Weekly' }).click()
      await expect.poll(async () => await said.innerText()).toMatch(/, Weekly, UTC$/)
      await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
      await expect.poll(async () => await said.innerText()).toMatch(/, Weekly, Asia\/Tokyo$/)
      await page.getByLabel('From', { exact: true }).fill('2026-01-05')
      await page.locator('#history').getByRole('button', { name: 'Show' }).click()
      await expect.poll(async () => await said.innerText()).toContain(', Jan 5, 2026 to ')
    })
    await inTab('/users/1', async (page) => {
      const said = page.locator('#ranks > [role="status"]')
      await expect.poll(async () => await said.innerText()).toMatch(/^Ranks, /)
      await page.locator('#ranks').getByRole('link', { name: '30 days' }).click()
      await expect.poll(async () => await said.innerText()).toBe('Ranks, 30 days')
    })
  })

  /** The cells of a table of the community page, opened if it is closed. */
  const cellsOf = async (page: Page, region: string): Promise<string[][]> => {
    await settled(page)
    const rows = page
      .getByRole('region', { name: region, exact: true, includeHidden: true })
      .locator('tbody tr')
    return await rows.evaluateAll((found) =>
      found.map((row) => [...row.children].map(({ textContent }) => textContent)),
    )
  }

  it('the community page filters by interval, range, product, locale and rule like the API', async () => {
    await inTab('/community', async (page) => {
      await page.getByRole('link', { name: 'Monthly' }).click()
      await page.waitForURL(/interval=month/)
      await choose(page, 'Product', 'thunderbird')
      await page.waitForURL(/product=thunderbird/)
      await choose(page, 'Locale', 'de')
      await page.waitForURL(/(?=.*product=thunderbird).*locale=de/)
      await page.getByLabel('Activity').selectOption('Localization contributors')
      await page.waitForURL(/rule=l10n_contributors/)
      const today = new Date().toISOString().slice(0, 10)
      await page.getByLabel('From', { exact: true }).fill('2025-12-24')
      await page.getByLabel('to', { exact: true }).fill(today)
      await page.getByRole('button', { name: 'Show' }).click()
      await page.waitForURL(/from=2025-12-24/)
      const end = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10)
      const query = `interval=month&locale=de&product=thunderbird&from=2025-12-01&to=${end}`
      const { points } = await read(server.url, `/v1/community?rule=l10n_contributors&${query}`)
      await expect
        .poll(async () => (await cellsOf(page, 'Active people over time')).map((row) => row.slice(1, 6)))
        .toEqual(
          points
            .toReversed()
            .map((point: Record<string, number>) =>
              ['active', 'returning', 'new', 'resurrected', 'dormant'].map((name) => String(point[name])),
            ),
        )
      const { cohorts } = await read(server.url, `/v1/community/cohorts?rule=l10n_contributors&${query}`)
      expect((await cellsOf(page, 'Retention of each cohort')).slice(1).map(([, size]) => size)).toEqual(
        cohorts.map(
          ({ size, retention }: { size: number; retention: { complete: boolean }[] }) =>
            `${size}${retention[0]?.complete ? '' : ' not over yet'}`,
        ),
      )
    })
  })

  it('arrow keys move between the bars of the community page', async () => {
    await inTab('/community', async (page) => {
      const chart = page.getByRole('slider', { name: 'Contributions over time' })
      const first = await chart.getAttribute('aria-valuetext')
      await chart.focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowRight')
      await expect.poll(async () => chart.getAttribute('aria-valuenow')).toBe('1')
      const second = await chart.getAttribute('aria-valuetext')
      expect(second).not.toBe(first)
      const shown = await page.locator('#contributions .bars-readout').innerText()
      expect(shown).toContain(second?.split(' ').at(-1))
    })
  })

  it('no old number stands under a new heading on the community page', async () => {
    const tab = await openTab(browser, server.url)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let failures = 1
    await tab.page.route(/\/v1\/community\?/, async (route) => {
      await released
      await route.continue()
    })
    await tab.page.route(/\/v1\/volume\?/, async (route) => {
      failures -= 1
      await (failures < 0
        ? route.continue()
        : route.fulfill({ status: 503, headers: { 'retry-after': '1' } }))
    })
    await tab.page.route(/\/v1\/responses\?/, async (route) => route.abort())
    await tab.page.goto('/community')
    const bars = (panel: string) => tab.page.locator(`#${panel} .bars-part`).count()
    for (const panel of ['active-people', 'contributions', 'replies'])
      expect(await bars(panel)).toBeGreaterThan(0)
    await tab.page.getByRole('link', { name: 'Monthly' }).click()
    // One waits, one fails for a moment, one cannot connect.
    await tab.page.locator('a[aria-current="true"]', { hasText: 'Monthly' }).waitFor()
    for (const panel of ['active-people', 'concentration', 'replies']) expect(await bars(panel)).toBe(0)
    expect(await tab.page.locator('#active-people .figures').count()).toBe(0)
    await expect
      .poll(async () => tab.page.locator('#replies .error-notice').allInnerTexts())
      .toEqual(['Can’t connect. Retrying in 5 s. Retry now'])
    await tab.page.locator('#contributions .bars-part').first().waitFor()
    expect(failures).toBeLessThan(0)
    release()
    await tab.page.locator('#active-people .bars-part').first().waitFor()
    expect(tab.errors.filter((error) => !error.includes('ERR_FAILED'))).toEqual([])
    await tab.close()
  })

  it('the tables of 12 weeks and of 21 products on the community page show every row without scrolling inside', async () => {
    const products = Array.from({ length: 18 }, (_, index) => ({
      type: 'answer',
      user: { id: 1 },
      occurred_at: new Date(Date.now() - 10 * 86_400_000).toISOString(),
      content: { type: 'demo.answer', id: `product-${index}` },
      product: `product-${index}`,
    }))
    await deliver(server.url, aMessage('contribution.created', products))
    await inTab('/community?split=product', async (page) => {
      await page.locator('.ranking').getByText('product-17').waitFor()
      for (const summary of await page.locator('.time-chart summary').all()) await summary.click()
      const tables = page.locator('#active-people table, #contributions table')
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        const found = await tables.evaluateAll((all) =>
          all.map((table) => ({
            rows: table.querySelectorAll('tbody tr').length,
            hidden: (table.parentElement?.scrollHeight ?? 0) - (table.parentElement?.clientHeight ?? 0),
          })),
        )
        expect(found).toEqual([
          { rows: 12, hidden: 0 },
          { rows: 12, hidden: 0 },
          { rows: 21, hidden: 0 },
        ])
      }
    })
  })

  it('the dashboard updates automatically, without animation if the visitor prefers that', async () => {
    const { page, errors, close } = await openTab(browser, server.url, { reducedMotion: 'reduce' })
    await page.clock.install()
    await page.goto('/?board=overall&window=all')
    await settled(page)
    const contributors = async (): Promise<number> => {
      const text = await page.locator('.pages').innerText()
      return Number(/ · ([\d,]+) contributors/.exec(text)?.[1])
    }
    const asOf = async (): Promise<string> => await page.locator('.as-of').innerText()
    const [before, instant] = [await contributors(), await asOf()]
    await deliver(
      server.url,
      aMessage('contribution.created', {
        type: 'answer',
        user: { id: people + 1, username: 'newcomer' },
        occurred_at: new Date().toISOString(),
        content: { type: 'demo.answer', id: `new-${Date.now()}` },
      }),
    )
    await expect
      .poll(async () => {
        await page.clock.fastForward(15_000)
        return await contributors()
      })
      .toBe(before + 1)
    // Of the tiles, which are refreshed by a request of their own.
    await expect
      .poll(async () => {
        await page.clock.fastForward(15_000)
        return await asOf()
      })
      .not.toBe(instant)
    const moving = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    )
    expect(moving).toBe(0)
    expect(errors).toEqual([])
    await close()
  })

  it.each([
    ['/users/2', '#embed'],
    ['/docs', 'main'],
  ])('%s has this site in its code to copy, or a placeholder without JavaScript', async (path, part) => {
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
  })

  it.each(['/?board=overall&window=all', '/users/3'])(
    'a page from a cache refreshes at once: %s',
    async (path) => {
      const load = async () => await (await fetch(server.url + path)).text()
      const instantOf = (html: string) => /<time dateTime="([^"]+)"/i.exec(html)?.[1] ?? ''
      let cached = ''
      // A busy machine may keep a read waiting for too long: the page then has no numbers, and no time.
      await expect.poll(async () => instantOf((cached = await load()))).not.toBe('')
      const cachedAt = instantOf(cached)
      // The Worker may repeat an answer for some seconds.
      await expect.poll(async () => instantOf(await load())).not.toBe(cachedAt)
      const tab = await openTab(browser, server.url)
      await tab.page.clock.install({ time: Date.parse(cachedAt) })
      // Further ahead than the clock can run meanwhile, because it cannot be paused at a past instant.
      await tab.page.clock.pauseAt(Date.parse(cachedAt) + 60_001)
      await tab.page.route(server.url + path, async (route) =>
        route.fulfill({ body: cached, contentType: 'text/html; charset=utf-8' }),
      )
      await tab.page.goto(path)
      const shownAt = async () => await tab.page.locator('.as-of time').getAttribute('datetime')
      let passed = 0
      await expect
        .poll(async () => {
          await tab.page.clock.runFor(10)
          passed += 10
          return await shownAt()
        })
        .not.toBe(cachedAt)
      // By the page's clock, which only this test moves: less than the 15 s between refreshes.
      expect(passed).toBeLessThan(15_000)
      expect(tab.errors).toEqual([])
      await tab.close()
    },
  )

  it.each(hostileUsers.map((id, index) => [id, hostileNames[index] ?? ''] as const))(
    'pages, card and CSV show the name of user %s as text: %s',
    async (id, name) => {
      await inTab(`/users/${id}`, async (page) => {
        const expectText = async (): Promise<void> => {
          expect(await page.locator('body').innerText()).toContain(name)
          expect(await page.title()).not.toBe('run')
          expect(
            await page.locator('main script:not([type="application/json"]), main img[src="x"]').count(),
          ).toBe(0)
        }
        await expectText()
        await page.goto(`/?board=support-forum&window=all&around=${id}`)
        await settled(page)
        await expectText()
        await page.goto(`/v1/users/${id}/card.svg`)
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

  it('the dashboard shows script in a filter as text, with an error from the API', async () => {
    const script = `<script>document.title='run'</script>`
    const query = new URLSearchParams({ product: script, locale: script }).toString()
    const tab = await openTab(browser, server.url)
    await tab.page.goto(`/?${query}`)
    await tab.page.locator('.error-notice').first().waitFor()
    expect(await tab.page.getByLabel('Product').inputValue()).toBe(script)
    expect(await tab.page.title()).not.toBe('run')
    // Chromium reports the 400 responses of the API on the console.
    expect(tab.errors.filter((error) => !error.includes('400'))).toEqual([])
    await tab.close()
  })
})
