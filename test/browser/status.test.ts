import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from '../system/support/server.ts'
import { aMessage, deliver, secrets } from '../system/support/site.ts'
import { isHere, launch, openTab, settled } from './support/browser.ts'

describe.skipIf(!isHere)('GET /status (skipped without Chromium)', () => {
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    const answer = {
      type: 'answer',
      user: { id: 42 },
      occurred_at: new Date().toISOString(),
      content: { type: 'answer', id: '1' },
    }
    const message = aMessage('contribution.created', [answer, { ...answer, locale: 'de' }])
    await deliver(server.url, message)
    const named = { id: 42, username: 'ana' }
    await deliver(server.url, aMessage('user.updated', [named, named]))
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('shows the webhooks of each day once the token is entered by keyboard, and stores the token nowhere', async () => {
    const { page, errors, close } = await openTab(browser, server.url)
    await page.goto('/status')
    const field = page.getByLabel('Operator token')
    await field.fill('a guess')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('That isn’t the operator token').waitFor()
    await field.fill(secrets.ADMIN_TOKEN)
    await page.keyboard.press('Enter')
    const row = page.locator('.delivery-days tbody tr')
    await row.waitFor()
    const headings = await page.locator('.delivery-days th').allInnerTexts()
    const cells = await row.locator('td').allInnerTexts()
    expect(headings.slice(1).map((heading, index) => [heading, cells[index + 1]])).toEqual([
      ['Messages', '2'],
      ['Refused', '0'],
      ['Recorded', '1'],
      ['Duplicates', '0'],
      ['Conflicts', '1'],
      ['Ignored', '0'],
      ['Applied', '1'],
      ['Unchanged', '1'],
    ])
    await page.getByText('Messages and Refused count messages, the other columns the items in them').waitFor()
    expect(new URL(page.url()).search).toBe('')
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie, history.state]),
    )
    expect(kept).not.toContain(secrets.ADMIN_TOKEN)
    expect(await page.content()).not.toContain(secrets.ADMIN_TOKEN)
    await page.getByRole('button', { name: 'Forget the token' }).click()
    expect([await row.count(), await field.inputValue()]).toEqual([0, ''])
    // Chromium reports the 401 of the guess on the console.
    expect(errors).toEqual([expect.stringContaining('401')])
    await close()
  })

  it('shows nothing of an answer that arrives after the token was forgotten', async () => {
    const { page, close } = await openTab(browser, server.url)
    await page.goto('/status')
    const field = page.getByLabel('Operator token')
    await field.fill(secrets.ADMIN_TOKEN)
    await page.keyboard.press('Enter')
    const row = page.locator('.delivery-days tbody tr')
    await row.waitFor()
    const asked = Promise.withResolvers<void>()
    const forgotten = Promise.withResolvers<void>()
    await page.route('**/v1/deliveries', async (route) => {
      asked.resolve()
      await forgotten.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'Refresh' }).click()
    await asked.promise
    await page.getByRole('button', { name: 'Forget the token' }).click()
    const answered = page.waitForResponse('**/v1/deliveries')
    forgotten.resolve()
    await (await answered).finished()
    await settled(page)
    expect([await row.count(), await field.inputValue()]).toEqual([0, ''])
    await close()
  })

  it.each([
    [429, 'Too many requests came from your network.'],
    [503, 'The service can’t answer at the moment.'],
    ['offline', 'Can’t connect.'],
  ] as const)(
    'says in its banner that it has no answer (%s), and in grey what the last one said',
    async (state, reason) => {
      const { page, close } = await openTab(browser, server.url)
      await page.clock.install()
      await page.goto('/status')
      await page.getByRole('heading', { name: 'The service is working' }).waitFor()
      await page.route('**/v1/status', async (route) => {
        if (state === 'offline') await route.abort()
        else await route.fulfill({ status: state, body: '{}' })
      })
      await page.clock.fastForward(20_000)
      await page.getByRole('heading', { name: reason }).waitFor()
      const banner = page.locator('.verdict')
      expect(await banner.getAttribute('class')).toBe('verdict verdict-faulty')
      expect((await banner.innerText()).split(/\n+/)).toEqual([
        '!',
        reason,
        expect.stringMatching(/^Last attempt: .+ UTC\. Retrying in 5 s\. Retry now$/),
        expect.stringMatching(/^The last answer, as of .+ UTC, found nothing wrong\. /),
      ])
      expect(await page.locator('main').innerText()).not.toMatch(/✓|is working/)
      await page.unroute('**/v1/status')
      await banner.getByRole('button', { name: 'Retry now' }).click()
      await page.getByRole('heading', { name: 'The service is working' }).waitFor()
      expect(await banner.getAttribute('class')).toBe('verdict')
      await close()
    },
  )

  it('says without JavaScript how to ask the API for the rest', async () => {
    const { page, close } = await openTab(browser, server.url, { javaScriptEnabled: false })
    await page.goto('/status')
    expect(await page.locator('#deliveries noscript').innerText()).toContain('/v1/deliveries')
    expect(await page.getByRole('textbox').count()).toBe(0)
    await close()
  })
})
