import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardWidths, noticeHeight } from '../../src/cards/cardOptions.ts'
import { renderUnavailableCard } from '../../src/cards/renderCard.tsx'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver, read } from '../system/support/site.ts'
import { isHere, launch, openTab, seriousViolations, settled } from './support/browser.ts'
import { sendCommunity } from './support/community.ts'

const day = 86_400_000

const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** A user with a history of three years, and one with a contribution, a title and a picture. */
const [veteran, newcomer] = [3001, 3002]

const sendVeteran = async (url: string): Promise<void> => {
  const now = Date.now() - 60_000
  const all = Array.from({ length: 400 }, (_, index) => ({
    type: ['answer', 'answer', 'solution', 'kb_edit'][index % 4],
    user: { id: veteran, username: 'veteran', display_name: 'Vera Veteran' },
    // Denser towards now, so that each year has more than the one before, whatever the date.
    occurred_at: new Date(now - index ** 1.1 * 1.3 * day).toISOString(),
    content: {
      type: 'demo',
      id: `v${index}`,
      title: `Title ${index}`,
      url: `https://site.example/v${index}`,
    },
    parent: { type: 'demo.thread', id: `p${index % 90}` },
    product: ['firefox', 'firefox', 'mobile'][index % 3],
    locale: index % 5 === 0 ? null : 'de',
  }))
  await deliver(url, aMessage('contribution.created', all))
  await deliver(url, aMessage('content.deleted', { content: { type: 'demo', id: 'v1' } }))
}

const sendNewcomer = async (url: string): Promise<void> => {
  await deliver(
    url,
    aMessage('contribution.created', {
      type: 'answer',
      user: { id: newcomer, username: 'newcomer', avatar_url: 'https://pictures.example/n.png' },
      occurred_at: new Date(Date.now() - 60_000).toISOString(),
      content: { type: 'demo', id: 'n1' },
    }),
  )
}

describe.skipIf(!isHere)('a profile in a browser (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    await sendCommunity(server.url)
    await sendVeteran(server.url)
    await sendNewcomer(server.url)
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Runs in a tab. Expects no errors but those of responses that the test makes fail. */
  const inTab = async (
    path: string,
    use: (page: Page) => Promise<void>,
    options: Parameters<typeof openTab>[2] = {},
  ): Promise<void> => {
    const { page, errors, close } = await openTab(browser, server.url, options)
    await page.goto(path)
    await settled(page)
    await use(page)
    expect(errors.filter((error) => !/status of (?:429|503)|ERR_FAILED/.test(error))).toEqual([])
    await close()
  }

  /** Scrolls a panel into view, which makes it load, and waits for its data. */
  const see = async (page: Page, panel: string): Promise<void> => {
    await page.locator(panel).scrollIntoViewIfNeeded()
    await settled(page)
  }

  const headingOf = async (page: Page): Promise<string> =>
    (await page.locator('#contributions-title').innerText()).trim()

  const rowsListed = async (page: Page): Promise<number> => {
    await settled(page)
    return await page.locator('table.contributions tbody tr').count()
  }

  it('lists titles with links, and marks what was deleted', async () => {
    await inTab(`/users/${veteran}`, async (page) => {
      const rows = page.locator('table.contributions tbody tr')
      expect(await rows.first().locator('a').first().getAttribute('href')).toBe('https://site.example/v0')
      expect(await rows.first().innerText()).toContain('Title 0')
      expect(await page.locator('.mark-deleted').count()).toBe(1)
      expect(await rows.nth(1).innerText()).toMatch(/Title 1\s+deleted/)
    })
  })

  it('a day of the calendar opens the list of its contributions, by pointer and by keyboard', async () => {
    // The page may have been opened before midnight.
    const daysAgo = () => dateOf(Date.now() - 23 * day)
    const before = daysAgo()
    await inTab(`/users/${veteran}`, async (page) => {
      await page.locator('.heat-frame rect').nth(-24).click()
      const clicked = new URL(page.url()).searchParams.get('period') ?? ''
      expect([before, daysAgo()]).toContain(clicked)
      const count = (
        await read(server.url, `/v1/users/${veteran}/contributions?period=${clicked.slice(0, 7)}&limit=1000`)
      ).contributions.filter((one: { occurred_at: string }) => one.occurred_at.startsWith(clicked)).length
      await expect.poll(async () => headingOf(page)).toBe(`All contributions: ${count}`)
      expect(await rowsListed(page)).toBe(count)
      const top = await page.locator('#contributions').evaluate((panel) => panel.getBoundingClientRect().top)
      expect(top).toBeLessThan(900)
      const slider = page.getByRole('slider')
      await slider.focus()
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowUp')
      const chosen = (await slider.getAttribute('aria-valuetext')) ?? ''
      await page.keyboard.press('Enter')
      await expect
        .poll(async () => page.locator('#contributions .panel-head p').innerText())
        .toContain(chosen.split(':')[0])
    })
  })

  it('at 1280 px the calendar says how many contributions it has since when, its squares fill the width, and no table scrolls', async () => {
    await inTab(
      `/users/${veteran}`,
      async (page) => {
        const heading = page.locator('#calendar-title')
        const { total, from } = await read(server.url, `/v1/users/${veteran}/calendar`)
        const since = new Date(from).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' })
        expect(await heading.innerText()).toBe(`${total} contributions since ${since}`)
        const [whole, last] = await Promise.all(
          ['.calendar-days', '.heat-frame rect:last-of-type'].map(async (part) =>
            page.locator(part).first().boundingBox(),
          ),
        )
        const gap = (whole?.x ?? 0) + (whole?.width ?? 0) - (last?.x ?? 0) - (last?.width ?? 0)
        expect(gap).toBeGreaterThanOrEqual(0)
        expect(gap).toBeLessThan(30)
        expect(await page.locator('.scroll-hint').filter({ visible: true }).count()).toBe(0)
        const year = new Date().getUTCFullYear() - 1
        await page
          .locator('.years')
          .getByRole('link', { name: String(year) })
          .click()
        const answer = await read(server.url, `/v1/users/${veteran}?period=${year}`)
        await expect
          .poll(async () => heading.innerText())
          .toBe(`${answer.period.total} contributions in ${year}`)
      },
      { viewport: { width: 1280, height: 900 } },
    )
  })

  it('every number of products and locales is the length of the list that its link opens', async () => {
    await inTab(`/users/${veteran}?type=answer`, async (page) => {
      await see(page, '#contributions')
      const parts = page.locator('.part li')
      await parts.first().waitFor()
      for (const [index, expected] of [
        [0, 'firefox'],
        [2, 'German (de)'],
      ] as const) {
        const part = parts.nth(index)
        expect(await part.locator('a').innerText()).toBe(expected)
        const count = Number((await part.locator('span').first().innerText()).split(/\s/)[0])
        await part.locator('a').click()
        await expect.poll(async () => headingOf(page)).toBe(`Answers: ${count}`)
        await settled(page)
        const listed = await read(
          server.url,
          `/v1/users/${veteran}/contributions?type=answer&limit=1000&product=firefox${index === 2 ? '&locale=de' : ''}`,
        )
        expect(listed.contributions).toHaveLength(count)
      }
    })
  })

  it('years show the totals of the API for every year and month', async () => {
    await inTab(`/users/${veteran}`, async (page) => {
      await see(page, '#years')
      await page.locator('.year-table tbody tr').first().waitFor()
      const rows = await page.locator('.year-table tbody tr').evaluateAll((found) =>
        found.map((row) => ({
          year: row.querySelector('th')?.textContent ?? '',
          months: [...row.querySelectorAll('.month-cell')].map((cell) =>
            Number(/[\d,]+(?= contribution)/.exec(cell.getAttribute('title') ?? '')?.[0]),
          ),
          total: Number(row.querySelector('td.numeric')?.textContent),
        })),
      )
      const changes = await page.locator('.year-table tbody tr td:last-child').allInnerTexts()
      for (const change of changes) expect(change).toMatch(/^(?:–|0|[+−][\d,]+(?: \([+−]?[\d,]+%\))?)$/)
      expect(changes.join(' ')).toContain('%)')
      expect(rows.length).toBeGreaterThan(2)
      for (const { year, months, total } of rows) {
        const answer = await read(server.url, `/v1/users/${veteran}?period=${year}`)
        expect([total, months.reduce((sum, count) => sum + count, 0)]).toEqual([
          answer.period.total,
          answer.period.total,
        ])
      }
    })
  })

  it('a month of a year is at least 24 px wide and high, and says its count while it is hovered or focused', async () => {
    await inTab(
      `/users/${veteran}`,
      async (page) => {
        await see(page, '#years')
        const cells = page.locator('a.month-cell')
        await cells.first().waitFor()
        for (const width of [320, 360, 1280]) {
          await page.setViewportSize({ width, height: 900 })
          const sizes = await cells.evaluateAll((found) =>
            found.map((cell) => Math.min(cell.clientWidth, cell.clientHeight)),
          )
          expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24)
        }
        const [panel, readout] = [page.locator('#years'), page.locator('.year-readout')]
        const height = (await panel.boundingBox())?.height
        for (const point of [async () => cells.nth(1).hover(), async () => cells.nth(2).focus()]) {
          await point()
          await expect.poll(async () => readout.innerText()).toMatch(/^\w+ \d{4}: [\d,]+ contributions?$/)
          expect((await panel.boundingBox())?.height).toBe(height)
        }
        expect(await readout.innerText()).toBe(await cells.nth(2).getAttribute('title'))
      },
      { viewport: { width: 1280, height: 900 } },
    )
  })

  it('ranks say how far they have moved in 30 days', async () => {
    await inTab(`/users/${veteran}?ranks=365d`, async (page) => {
      const board = '/v1/leaderboards/support-forum?window=365d&limit=1&around='
      const now = await read(server.url, `${board}${veteran}`)
      const row = page.locator('.ranks li').first()
      // The page moves on to the next day at midnight.
      await expect
        .poll(async () => {
          const shownAt = Date.parse((await page.locator('.as-of time').getAttribute('datetime')) ?? '')
          const before = `${dateOf(shownAt - 30 * day)}T00:00:00Z`
          const then = await read(server.url, `${board}${veteran}&as_of=${before}`)
          const moved = then.standing.rank - now.standing.rank
          const words = moved === 0 ? 'no change' : `${moved > 0 ? 'up' : 'down'} ${Math.abs(moved)}`
          return (await row.innerText()).includes(words)
        })
        .toBe(true)
      expect(await row.innerText()).toContain(`${now.standing.rank} of ${now.total}`)
    })
  })

  const failing: [name: string, answer: (route: Route) => Promise<void>, text: string][] = [
    [
      '429',
      async (route) => route.fulfill({ status: 429, headers: { 'retry-after': '60' } }),
      'Too many requests',
    ],
    [
      '503',
      async (route) => route.fulfill({ status: 503, headers: { 'retry-after': '60' } }),
      'can’t answer',
    ],
    ['no connection', async (route) => route.abort(), 'Can’t connect'],
  ]

  it.each(failing)(
    'while a panel loads or fails (%s), no old number stands under its new heading, and a retry loads it',
    async (_, answer, text) => {
      await inTab(`/users/${veteran}`, async (page) => {
        let release: () => void = () => {}
        const held = new Promise<void>((resolve) => {
          release = resolve
        })
        const pattern = /\/v1\/(?:users\/\d+\/(?:contributions|calendar)|leaderboards\/)/
        await page.route(pattern, async (route) => {
          await held
          await answer(route)
        })
        await page.locator('table.totals tbody tr').nth(3).getByRole('link').nth(2).click()
        await page.locator('.years a', { hasText: /^\d+$/ }).first().click()
        await page
          .getByRole('list', { name: 'Period for ranks' })
          .getByRole('link', { name: '30 days' })
          .click()
        const numbers = async (): Promise<number[]> =>
          Promise.all(
            ['table.contributions', '.heat', '.figures', '.ranks strong', '.movement'].map(async (old) =>
              page.locator(old).count(),
            ),
          )
        expect(await numbers()).toEqual([0, 0, 0, 0, 0])
        release()
        // The first notice gives the reason, for all of them.
        const notices = page.locator('.error-notice')
        await page.locator('#contributions .error-notice').first().waitFor()
        await page.locator('#ranks .error-notice').waitFor()
        expect(await notices.filter({ hasText: text }).count()).toBe(1)
        expect(await page.locator('#calendar .error-notice').innerText()).toContain(text)
        for (const panel of ['#ranks', '#contributions'])
          expect(await page.locator(`${panel} .error-notice`).first().innerText()).toBe(
            'Not loaded. Retry now',
          )
        expect(await numbers()).toEqual([0, 0, 0, 0, 0])
        expect(await page.locator('.ranks').innerText()).not.toContain('…')
        expect(await seriousViolations(page)).toEqual([])
        await page.unroute(pattern)
        await notices.first().getByRole('button', { name: 'Retry now' }).click() // retries for all
        await page.locator('table.contributions').waitFor()
        await page.locator('.heat').waitFor()
        await page.locator('.ranks strong').first().waitFor()
      })
    },
  )

  it('at 360 px a day of the calendar that the keyboard chooses is in view', async () => {
    await inTab(
      `/users/${veteran}`,
      async (page) => {
        await page.getByRole('slider').focus()
        for (let weeks = 0; weeks < 30; weeks += 1) await page.keyboard.press('ArrowLeft')
        const [frame, chosen] = [
          await page.locator('.heat-frame').boundingBox(),
          await page.locator('.heat-chosen').boundingBox(),
        ]
        const isInside =
          frame !== null &&
          chosen !== null &&
          chosen.x >= frame.x &&
          chosen.x + chosen.width <= frame.x + frame.width
        expect(isInside).toBe(true)
      },
      { viewport: { width: 360, height: 800 } },
    )
  })

  it('at 360 px the calendar is scrolled to today, with weekdays in place and a hint; nothing overflows', async () => {
    await inTab(
      `/users/${veteran}`,
      async (page) => {
        const frame = page.locator('.heat-frame')
        const end = await frame.evaluate((element) => element.scrollWidth - element.clientWidth)
        expect(end).toBeGreaterThan(300)
        await expect
          .poll(async () => Math.abs((await frame.evaluate((element) => element.scrollLeft)) - end))
          .toBeLessThan(2)
        const weekdays = await page.locator('.heat-weekdays').boundingBox()
        expect(weekdays?.x).toBeGreaterThanOrEqual(0)
        expect((weekdays?.x ?? 0) + (weekdays?.width ?? 360)).toBeLessThan(360)
        expect(await page.locator('.heat-hint').isVisible()).toBe(true)
        for (const panel of ['#years', '#ranks', '#contributions', '#embed']) await see(page, panel)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      },
      { viewport: { width: 360, height: 800 } },
    )
  })

  it('at 1280 px every table of a profile fits, and none says that it scrolls', async () => {
    await inTab(`/users/${veteran}`, async (page) => {
      await page.setViewportSize({ width: 1280, height: 900 })
      await see(page, '#years')
      await page.locator('.year-table').waitFor()
      const beyond = await page
        .locator('.scroll-x, .scroll')
        .evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth))
      expect(Math.max(...beyond)).toBe(0)
      await expect.poll(async () => page.locator('.scroll-hint-shown').count()).toBe(0)
    })
  })

  it('a card that cannot be loaded is a sentence on the profile, and a retry shows the card', async () => {
    await inTab(`/users/${newcomer}`, async (page) => {
      const pattern = /\/card\.svg/
      await page.route(pattern, async (route) => route.abort())
      await page.reload()
      await see(page, '#embed')
      const notice = page.locator('#embed .error-notice')
      expect(await notice.innerText()).toBe('The card can’t be shown at the moment. Retry now')
      expect(await page.locator('#embed img').count()).toBe(0)
      await page.unroute(pattern)
      await notice.getByRole('button', { name: 'Retry now' }).click()
      const card = page.locator('#embed img')
      await expect.poll(async () => card.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(480)
    })
  })

  it.each(['standard', 'compact', 'wide'] as const)(
    'a %s card without numbers, as during an outage, is a sentence on the profile, and a retry shows the card',
    async (variant) => {
      await inTab(`/users/${newcomer}`, async (page) => {
        let failures = 2
        await page.route(/\/card\.svg/, async (route) => {
          if (failures === 0) return await route.continue()
          failures -= 1
          return await route.fulfill({
            status: 503,
            contentType: 'image/svg+xml; charset=utf-8',
            headers: { 'cache-control': 'no-store' },
            body: renderUnavailableCard({ theme: 'auto', variant, language: 'en' }),
          })
        })
        await page.goto(`/users/${newcomer}?variant=${variant}`)
        await see(page, '#embed')
        const notice = page.locator('#embed .error-notice')
        for (const left of [1, 0]) {
          await expect.poll(() => failures).toBe(left)
          await notice.waitFor()
          expect(await notice.innerText()).toBe('The card can’t be shown at the moment. Retry now')
          await notice.getByRole('button', { name: 'Retry now' }).click()
        }
        const card = page.locator('#embed img')
        await expect
          .poll(async () => card.evaluate((image: HTMLImageElement) => image.naturalHeight))
          .toBeGreaterThan(noticeHeight)
        expect(await card.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(cardWidths[variant])
        expect(await notice.count()).toBe(0)
      })
    },
  )

  it('the card to embed comes in every size and language, and its code says so', async () => {
    await inTab(`/users/${newcomer}`, async (page) => {
      await see(page, '#embed')
      await page.getByRole('list', { name: 'Card size' }).getByRole('link', { name: 'Wide' }).click()
      await page.getByRole('list', { name: 'Card language' }).getByRole('link', { name: '日本語' }).click()
      const card = page.locator('#embed img')
      await expect
        .poll(async () => card.getAttribute('src'))
        .toBe(`/v1/users/${newcomer}/card.svg?variant=wide&lang=ja`)
      await expect.poll(async () => card.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(840)
      const codes = await page.locator('#embed pre').allInnerTexts()
      expect(codes[0]).toContain(`${server.url}/v1/users/${newcomer}/card.svg?variant=wide&amp;lang=ja`)
    })
  })
})
