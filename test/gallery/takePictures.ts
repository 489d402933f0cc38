import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openTab } from '../browser/support/browser.ts'
import { secrets } from '../system/support/site.ts'
import { cardSheet } from './cardSheet.ts'
import { cardsPath, pictureName, themes, widths, type GalleryPage } from './pages.ts'
import type { PictureRecord } from './record.ts'
import { reportFaults, type GalleryState } from './states.ts'
import { watchMovement } from './stillness.ts'

/** A page in a state, and where to find it. */
export interface Subject {
  page: GalleryPage
  state: GalleryState
  url: string
  user: number
  /** The language to ask for; undefined for that of the page. */
  lang: string | undefined
  record: PictureRecord
}

/** How long a picture may be: many programs cannot open longer ones. A longer page is shown in several. */
const heightMax = 12_000

const windowHeight = 900

/** Longer than any page waits before it asks again. */
const pastRefresh = 301_000

const addressOf = ({ page, url, user, lang }: Subject): string => {
  const address = new URL(page.path(user), url)
  if (lang !== undefined) address.searchParams.set('lang', lang)
  return address.href
}

const heightOf = (tab: Page): Promise<number> => tab.evaluate(() => document.documentElement.scrollHeight)

const typeToken = async (tab: Page): Promise<void> => {
  const field = tab.locator('#token')
  if ((await field.count()) === 0) return
  await field.fill(secrets.ADMIN_TOKEN)
  await tab.keyboard.press('Enter')
}

/** Follows the first such link, if the page has it: a page that says only what is wrong does not. */
const follow = async (tab: Page, selector: string): Promise<void> => {
  const link = tab.locator(selector).first()
  if ((await link.count()) > 0) await link.click()
}

/** Loads the page in its state. */
const load = async (tab: Page, rest: () => Promise<unknown>, subject: Subject): Promise<void> => {
  const { page, state, user } = subject
  const fail = page.isFaulty ? reportFaults : state.fail
  if (fail) {
    await tab.clock.install()
    await tab.route(/\/v1\/|\/healthz$/, fail)
  }
  await tab.goto(addressOf(subject))
  if (page.path(user) === cardsPath) await tab.setContent(await cardSheet(tab, user))
  if (page.isOperators) await typeToken(tab)
  await rest()
  if (fail) await tab.clock.fastForward(pastRefresh)
  if (fail && page.next !== undefined) await follow(tab, page.next)
  await rest()
  if (page.isOpened)
    await tab.evaluate(() => {
      for (const part of document.querySelectorAll('details')) part.open = true
    })
}

/** Gives the window a width, and the height of the page, so that everything that loads when it comes into view does. */
const resize = async (tab: Page, width: number, { kind }: GalleryPage): Promise<void> => {
  await tab.setViewportSize({ width, height: windowHeight })
  if (kind !== 'text') await tab.setViewportSize({ width, height: Math.min(await heightOf(tab), heightMax) })
  // No part looks as if it were pointed at.
  await tab.mouse.move(0, 0)
  await tab.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
}

/** Takes a picture of the page, or of its part, in as many files as it needs. */
const take = async (
  tab: Page,
  width: number,
  name: string,
  { page, record, lang }: Subject,
): Promise<void> => {
  const part = page.part === undefined ? undefined : tab.locator(page.part)
  const height = await heightOf(tab)
  const isPart = part !== undefined && (await part.count()) > 0
  const files = record.add(name, isPart ? 1 : Math.ceil(height / heightMax), lang)
  if (isPart) await part.screenshot({ path: join(record.folder, files[0] ?? name), animations: 'disabled' })
  else
    for (const [index, file] of files.entries()) {
      const y = index * heightMax
      await tab.screenshot({
        path: join(record.folder, file),
        fullPage: true,
        animations: 'disabled',
        clip: { x: 0, y, width, height: Math.min(height - y, heightMax) },
      })
    }
}

/** What is wrong with a page by itself: what never comes to rest, and what is wider than the window. */
const faultsAt = async (tab: Page, width: number, moving: readonly string[]): Promise<string[]> => {
  const found = await tab.evaluate(() => document.documentElement.scrollWidth)
  return [
    ...moving.map((each) => `${width} px: still waiting for ${each}`),
    ...(found > width ? [`${width} px: ${found} px wide`] : []),
  ]
}

/** Takes the pictures of a page in each width and theme. Returns what is wrong with it by itself. */
export const takePictures = async (browser: Browser, subject: Subject): Promise<string[]> => {
  const { page, state, url } = subject
  const viewport = { width: widths[0], height: windowHeight }
  const { page: tab, errors, close } = await openTab(browser, url, { viewport })
  const rest = watchMovement(tab)
  await load(tab, rest, subject)
  const faults: string[] = []
  for (const width of widths) {
    await resize(tab, width, page)
    faults.push(...(await faultsAt(tab, width, await rest())))
    for (const theme of themes) {
      await tab.emulateMedia({ colorScheme: theme })
      await take(tab, width, pictureName(page.name, state.name, width, theme), subject)
    }
  }
  await close()
  const explained = state.fail === undefined ? /status of (?:404|429|503)/ : /./
  return [...errors.filter((error) => !explained.test(error)), ...faults]
}
