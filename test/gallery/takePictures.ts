import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Locator, Page } from 'playwright-core'
import { openTab, settled } from '../browser/support/browser.ts'
import { secrets } from '../system/support/site.ts'
import { cardSheet } from './cardSheet.ts'
import { cardsPath, pictureName, themes, type GalleryPage } from './pages.ts'
import type { GalleryState } from './states.ts'

/** A page in a state at a width, and where to find it. */
export interface Subject {
  page: GalleryPage
  state: GalleryState
  width: number
  url: string
  user: number
  /** A query to add, like `lang=de`. */
  query: string
  folder: string
}

/** How long a picture may be: many programs cannot open longer ones. The rest of a page is left out. */
const heightMax = 12_000

/** Longer than a page waits before it asks again. */
const pastRefresh = 61_000

/** How long what has just come into view may take to ask for its data. */
const settleMilliseconds = 300

const addressOf = ({ page, user, query }: Subject): string => {
  const path = page.path(user)
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
}

const heightOf = async (tab: Page): Promise<number> =>
  Math.min(await tab.evaluate(() => document.documentElement.scrollHeight), heightMax)

/** Makes the window as high as the page, so that everything that loads when it comes into view does. */
const grow = async (tab: Page, width: number): Promise<void> => {
  await tab.setViewportSize({ width, height: await heightOf(tab) })
}

const showOperator = async (tab: Page): Promise<void> => {
  const field = tab.locator('#token')
  if ((await field.count()) === 0) return
  await field.fill(secrets.ADMIN_TOKEN)
  await tab.keyboard.press('Enter')
}

/** Follows a link, if the page has it: a page that says only what is wrong does not. */
const follow = async (link: Locator): Promise<void> => {
  if ((await link.count()) > 0) await link.click()
}

/** Waits until nothing more comes: until what is in view has loaded, or has failed. */
const rest = async (tab: Page, { state }: Subject): Promise<void> => {
  if (state.fail) await tab.clock.fastForward(pastRefresh)
  await tab.waitForLoadState('networkidle')
  await pause(settleMilliseconds)
  if (!state.fail) await settled(tab)
}

/** Loads the page in its state. */
const load = async (tab: Page, subject: Subject): Promise<void> => {
  const { page, state, url, user, width } = subject
  if (state.fail) {
    await tab.clock.install()
    await tab.route('**/v1/**', state.fail)
  }
  await tab.goto(addressOf(subject), { waitUntil: 'networkidle' })
  if (page.path(user) === cardsPath)
    await tab.setContent(await cardSheet(url, user), { waitUntil: 'networkidle' })
  if (page.isOperators) await showOperator(tab)
  await rest(tab, subject)
  if (state.fail && page.next !== undefined) await follow(tab.locator(page.next).first())
  if (page.isLive) await grow(tab, width)
  await rest(tab, subject)
}

/** What is wrong with a page by itself: errors that no state explains, and what is wider than the window. */
const faultsOf = async (
  tab: Page,
  errors: readonly string[],
  { width, state }: Subject,
): Promise<string[]> => {
  const found = await tab.evaluate(() => document.documentElement.scrollWidth)
  const explained = state.fail === undefined ? /status of (?:404|429|503)/ : /./
  return [...errors.filter((error) => !explained.test(error)), ...(found > width ? [`${found} px wide`] : [])]
}

/** Takes the pictures of a page in each theme. Returns what is wrong with it by itself. */
export const takePictures = async (browser: Browser, subject: Subject): Promise<string[]> => {
  const { page, state, width, url, folder } = subject
  const { page: tab, errors, close } = await openTab(browser, url, { viewport: { width, height: 900 } })
  await load(tab, subject)
  for (const theme of themes) {
    await tab.emulateMedia({ colorScheme: theme })
    const path = join(folder, pictureName(page.name, state.name, width, theme))
    const part = page.part === undefined ? undefined : tab.locator(page.part)
    if (part && (await part.count()) > 0) await part.screenshot({ path })
    else
      await tab.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: await heightOf(tab) } })
  }
  const faults = await faultsOf(tab, errors, subject)
  await close()
  return faults
}
