import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formattersFor } from '../../src/pages/formatters.ts'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver, read } from '../system/support/site.ts'
import { isHere, launch, openTab, settled } from './support/browser.ts'
import { people, sendCommunity } from './support/community.ts'

/* What a page shows is true at every moment: while it loads, when it fails, and when readers go back. */

describe.skipIf(!isHere)('the dashboard at every moment (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    await sendCommunity(server.url)
    await deliver(
      server.url,
      aMessage('user.updated', [
        { id: 5, display_name: 'Zoë Quiñones' },
        { id: 6, display_name: 'Zoe Q.' },
      ]),
    )
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Opens a page that may fail on purpose, so that errors on the console are expected. */
  const inTab = async (path: string, use: (page: Page) => Promise<void>, height = 900): Promise<void> => {
    const { page, close } = await openTab(browser, server.url, { viewport: { width: 1280, height } })
    try {
      await page.goto(path)
      await settled(page)
      await use(page)
    } finally {
      await close()
    }
  }

  /** Holds back the answers of an address until it is released. */
  const hold = async (page: Page, address: RegExp): Promise<() => void> => {
    const held: Route[] = []
    let isReleased = false
    await page.route(address, async (route) => {
      if (isReleased) return await route.continue()
      held.push(route)
      return undefined
    })
    return () => {
      isReleased = true
      for (const route of held) void route.continue()
    }
  }

  const board = (page: Page) => page.locator('table.board tbody tr')

  it('no number stands under a heading that it is not for, while another board or metric loads', async () => {
    await inTab('/?board=overall&window=all&range=3y', async (page) => {
      const release = await hold(page, /\/v1\/(leaderboards\/reviews|metrics\/kb_contributors\/history)/)
      await page.getByRole('link', { name: 'Reviews' }).click()
      await page.getByRole('heading', { name: 'Reviews' }).waitFor()
      expect(await board(page).count()).toBe(0)
      await page.getByRole('link', { name: /^Knowledge base contributors/ }).click()
      await page.getByRole('heading', { name: 'Knowledge base contributors' }).waitFor()
      expect(await page.locator('#history').getByRole('slider').getAttribute('aria-valuetext')).toBe(
        'No data in this range',
      )
      release()
      await expect.poll(async () => await board(page).count()).toBe(20)
      await expect
        .poll(async () => await page.locator('#history').getByRole('slider').getAttribute('aria-valuetext'))
        .toMatch(/^Now .*: \d/)
    })
  })

  it.each([
    [429, 'Too many requests came from your network.'],
    [503, 'The service can’t answer at the moment.'],
    [0, 'Can’t connect.'],
  ])('a panel says that its numbers failed with %i, and its button tries again', async (status, reason) => {
    await inTab('/?board=overall&window=all', async (page) => {
      const failing = /\/v1\/leaderboards\/reviews/
      let isFailing = true
      let later = 0
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      await page.route(failing, async (route) => {
        if (isFailing && status === 0) return await route.abort()
        if (isFailing) return await route.fulfill({ status, headers: { 'retry-after': '60' }, body: '{}' })
        later += 1
        await released
        return await route.continue()
      })
      // The page also retries by itself, after 5 s or 60 s. Without these timers only the button can.
      await page.evaluate(
        'window.setTimeout = ((start) => (run, after) => after > 4000 ? 0 : start(run, after))(setTimeout)',
      )
      await page.getByRole('link', { name: 'Reviews' }).click()
      const notice = page.locator('.board-panel .error-notice')
      await notice.waitFor()
      expect(await notice.innerText()).toContain(reason)
      expect(await board(page).count()).toBe(0)
      isFailing = false
      await notice.getByRole('button', { name: 'Retry now' }).click()
      await expect.poll(() => later).toBeGreaterThan(0)
      release()
      await expect.poll(async () => await board(page).count()).toBe(20)
      expect(await notice.count()).toBe(0)
    })
  })

  /** The panels that load in a browser only, with the addresses that they read. */
  const loadedPanels = [
    [
      '/?board=support-forum',
      { '#history': /active_contributors\/history/, '#volume': /volume/, '.movers': /limit=100/ },
    ],
    [`/users/${people}`, { '#years': /calendar\?from=/, '#ranks': /limit=1$/ }],
  ] as const

  it.each(loadedPanels)(
    'without a connection, each panel of %s that has numbers says as of when they are',
    async (path, panels) => {
      const { page, close } = await openTab(browser, server.url, { viewport: { width: 1280, height: 900 } })
      await page.clock.install()
      const answers: { address: string; as_of: string }[] = []
      page.on('response', async (response) => {
        if (response.headers()['content-type'] !== 'application/json') return
        const address = response.url().slice(server.url.length)
        answers.push({ address, ...(await response.json()) })
      })
      await page.goto(path)
      for (const [panel, address] of Object.entries(panels)) {
        await page.locator(panel).scrollIntoViewIfNeeded()
        await expect.poll(() => answers.some((answer) => address.test(answer.address))).toBe(true)
        await expect.poll(async () => await page.locator(`${panel} .error-notice`).count()).toBe(0)
        await settled(page)
      }
      await page.route(/\/v1\//, async (route) => route.abort())
      // Longer than any panel keeps its numbers.
      await page.clock.fastForward(700_000)
      const { instant } = formattersFor('en', 'UTC')
      for (const [panel, address] of Object.entries(panels)) {
        const instants = answers
          .filter((answer) => address.test(answer.address))
          .map(({ as_of }) => instant(as_of))
        const notice = page.locator(`${panel} .error-notice`)
        await notice.waitFor()
        const said = (await notice.innerText()).replace('Can’t connect. Retrying in 5 s. ', '')
        expect(instants.map((each) => `The numbers shown are as of ${each}. Retry now`)).toContain(said)
      }
      await close()
    },
  )

  it('the tile and the chart of a metric end in the same number', async () => {
    await inTab('/?metric=active_contributors&range=90d', async (page) => {
      const tile = page.locator('.tile-link[aria-current] .tile-value')
      await expect
        .poll(async () => await page.locator('#history').getByRole('slider').getAttribute('aria-valuetext'))
        .toMatch(new RegExp(`^Now .*: ${await tile.innerText()}$`))
      const { value } = await read(server.url, '/v1/metrics/active_contributors')
      expect(await tile.innerText()).toBe(String(value))
    })
  })

  it('bars are relative to the first place of the board on every page of it', async () => {
    const first = await read(server.url, '/v1/leaderboards/overall?window=all&limit=100')
    const widthOf = async (page: Page): Promise<number> =>
      Number(await board(page).first().locator('.bar-value').getAttribute('width'))
    const expected = (index: number): number => (100 * first.entries[index].count) / first.entries[0].count
    await inTab('/?board=overall&window=all', async (page) => {
      expect(await widthOf(page)).toBe(100)
      await page.getByRole('link', { name: 'Next page' }).click()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^21/)
      expect(await widthOf(page)).toBeCloseTo(expected(20))
      await page.getByRole('link', { name: 'Next page' }).click()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^41/)
      await page.getByRole('link', { name: 'Previous page' }).click()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^21/)
      await page.getByRole('link', { name: 'Previous page' }).click()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^1/)
    })
    await inTab('/?board=overall&window=all&around=31', async (page) => {
      expect(await widthOf(page)).toBeCloseTo(expected(25))
    })
  })

  it('a range of days that is reversed or empty is refused beside its fields', async () => {
    await inTab('/', async (page) => {
      const before = page.url()
      const submit = async (from: string, last: string): Promise<string> => {
        await page.getByLabel('From').fill(from)
        await page.locator('#last').fill(last)
        await page.locator('.dates').first().getByRole('button', { name: 'Show' }).click()
        return await page.locator('.dates').first().getByRole('alert').innerText()
      }
      expect(await submit('2026-03-02', '2026-03-01')).toBe('The first day must not be after the last day.')
      expect(await submit('2026-03-02', '')).toBe('Enter both days.')
      expect(await page.getByLabel('From').getAttribute('aria-invalid')).toBe('true')
      expect(page.url()).toBe(before)
      await page.locator('#last').fill('2026-03-20')
      await page.locator('.dates').first().getByRole('button', { name: 'Show' }).click()
      await page.waitForURL(/from=2026-03-02&last=2026-03-20/)
      expect(await page.getByRole('alert').count()).toBe(0)
    })
  })

  it('Back and Forward return to the place where the reader was, although the lists load again', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const place = async (): Promise<number> => await page.evaluate(() => Math.round(scrollY))
      const scrollTo = async (top: number): Promise<number> => {
        await page.evaluate((y) => window.scrollTo({ top: y, behavior: 'instant' }), top)
        // Longer than the pause after which a place is noted.
        await page.waitForFunction(
          (y) => (history.state as { scrollY?: number } | null)?.scrollY === y,
          await place(),
        )
        return await place()
      }
      const lower = await scrollTo(1500)
      expect(lower).toBeGreaterThan(1000)
      // Without the driver's own scrolling.
      await page.getByRole('link', { name: 'Next page' }).evaluate((link: HTMLElement) => link.click())
      await page.waitForURL(/cursor=/)
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^21/)
      const upper = await scrollTo(700)
      await page.goBack()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^1/)
      await expect.poll(place).toBe(lower)
      await page.goForward()
      await expect.poll(async () => await board(page).first().innerText()).toMatch(/^21/)
      await expect.poll(place).toBe(upper)
    })
  })

  it('a click on a number brings the contributions behind it into view', async () => {
    const isInView = async (page: Page, part: string): Promise<boolean> =>
      await page.locator(part).evaluate((element) => {
        const { top } = element.getBoundingClientRect()
        return top >= 0 && top < innerHeight
      })
    await inTab(
      '/',
      async (page) => {
        expect(await isInView(page, '#history')).toBe(false)
        await page.getByRole('link', { name: /^Active contributors/ }).click()
        await expect.poll(async () => await isInView(page, '#history-title')).toBe(true)
      },
      360,
    )
    await inTab(
      '/users/1',
      async (page) => {
        await page.locator('table.totals tbody tr').nth(2).getByRole('link').first().click()
        await expect.poll(async () => await isInView(page, '#contributions')).toBe(true)
      },
      500,
    )
  })

  it('a search suggests people while a name is typed, and the keyboard alone chooses one', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const input = page.getByRole('combobox', { name: 'Find a contributor' })
      const options = page.locator('#suggestions').getByRole('option')
      expect(await input.getAttribute('aria-expanded')).toBe('false')
      await input.fill('ZOE') // at once: the options of Z would be replaced while the keyboard moves among them
      await expect.poll(async () => await options.count()).toBeGreaterThan(2)
      expect(await input.getAttribute('aria-expanded')).toBe('true')
      const { users } = await read(server.url, '/v1/users?search=zoe')
      expect(await options.first().innerText()).toContain(users[0].display_name ?? users[0].username)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      const active = await input.getAttribute('aria-activedescendant')
      expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true')
      await page.keyboard.press('Escape')
      await expect.poll(async () => await options.count()).toBe(0)
      await input.fill('zoë q')
      await input.fill('zoe')
      await expect.poll(async () => await options.count()).toBeGreaterThan(2)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.waitForURL(new RegExp(`around=${users[0].id}`))
      await expect.poll(async () => await page.locator('tr[aria-current="true"]').count()).toBe(1)
    })
  })

  it('a search whose suggestions fail says so, and none are left of what was typed before', async () => {
    await inTab('/', async (page) => {
      const input = page.getByRole('combobox', { name: 'Find a contributor' })
      const options = page.locator('#suggestions').getByRole('option')
      await input.pressSequentially('zo')
      await options.first().waitFor()
      await page.route(/\/v1\/users\?search=/, async (route) => await route.abort())
      await input.pressSequentially('e')
      await page.getByText('Suggestions aren’t available at the moment.').waitFor()
      expect(await options.count()).toBe(0)
    })
  })

  it('a board shows the username beside the display name', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      expect(await board(page).nth(4).innerText()).toContain('Zoë Quiñones')
      expect(await board(page).nth(4).locator('.username').innerText()).toMatch(/-5$/)
    })
  })

  it('contributions stand beside contributors: the total of the range, and how its days until yesterday compare with as many before', async () => {
    const asked = Array.from({ length: 6 }, (_, index) => ({
      type: 'question',
      user: { id: people },
      occurred_at: new Date(Date.now() - 86_400_000).toISOString(),
      content: { type: 'demo.question', id: `gain-${index}` },
      product: 'firefox',
    }))
    await deliver(server.url, aMessage('contribution.created', asked))
    await inTab('/?range=90d&product=firefox&board=questions', async (page) => {
      const note = page.locator('#volume .panel-head p')
      const totalOf = async (from: number, to: number): Promise<string> => {
        const shownAt = Date.parse((await page.locator('.as-of time').getAttribute('datetime')) ?? '')
        const day = (after: number) => new Date(shownAt + after * 86_400_000).toISOString().slice(0, 10)
        const query = `from=${day(from)}&to=${day(to)}&interval=year&product=firefox`
        const { series } = await read(server.url, `/v1/volume?${query}`)
        const points: { contributions: number }[] = series[0].points
        return points.reduce((sum, { contributions }) => sum + contributions, 0).toLocaleString('en-US')
      }
      // The page moves on to the next day at midnight.
      await expect
        .poll(async () => {
          const [now, before] = [await totalOf(-89, 1), await totalOf(-178, -89)]
          const text = await note.innerText()
          const says = (words: string): boolean => text.includes(words)
          return says(`${now} contributions`) && says(`vs. the 89 days before (${before}), without today`)
        })
        .toBe(true)
      await page.locator('.movers').scrollIntoViewIfNeeded()
      await expect
        .poll(async () => await page.locator('.movers ol li').allInnerTexts())
        .toEqual([expect.stringMatching(/▴ 6 more than before \(0\)/)])
    })
  })

  it('a download says how many rows it has, and has as many', async () => {
    await inTab('/?board=overall&window=all', async (page) => {
      const link = page.locator('.board-panel .download')
      const { total } = await read(server.url, '/v1/leaderboards/overall?window=all')
      expect(total).toBeGreaterThanOrEqual(people)
      expect(await link.innerText()).toBe(`CSV (${total} rows)`)
      const csv = await (await fetch(`${server.url}${await link.getAttribute('href')}`)).text()
      expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + total)
    })
  })
})
