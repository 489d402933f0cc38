import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'

/** Debian's Chromium, unless `CHROMIUM` names another. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Whether Chromium is installed. Browser tests are skipped without it. */
export const isHere = existsSync(executablePath)

/**
 * Features of Chromium that are off. The first two belong to the address bar: their pages would load in every new window,
 * and cost more than ours. The others are those of Playwright's list that matter here, because Chromium heeds only the
 * last list: what would call other hosts, and what would change how pages load.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PreconnectToSearch',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'PaintHolding',
]

export const launch = async (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', `--disable-features=${disabledFeatures.join(',')}`],
    timeout: hangMilliseconds,
  })

/** The folder for screenshots, which git ignores. */
export const screenshots = join(projectDirectory, 'test/browser/screenshots')

/** A page, and the errors on it. */
export interface WatchedPage {
  page: Page
  /** Console errors and warnings, exceptions, dialogs, policy violations, requests to other hosts. */
  errors: string[]
  close: () => Promise<void>
}

/** Opens a tab that collects its errors. */
export const openTab = async (
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> => {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-US', ...options })
  context.setDefaultTimeout(hangMilliseconds)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    // A busy machine may keep a scan waiting for too long. The page then retries, and shows what a test waits for.
    if (/status of 503/.test(message.text())) return
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin && !request.url().startsWith('data:'))
      errors.push(`request to another host: ${request.url()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  return { page, errors, close: async () => context.close() }
}

/** Waits until the page has loaded all its data. */
export const settled = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"]') === null &&
      ![...document.querySelectorAll('.waiting')].some(({ textContent }) =>
        textContent.startsWith('Loading'),
      ),
  )
}

/** The serious violations that axe finds by all its rules, or by some, with their elements. */
export const seriousViolations = async (
  page: Page,
  rules?: readonly string[],
): Promise<[rule: string, elements: string[]][]> => {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], preload: false })
  if (rules) axe.withRules([...rules])
  // In the page itself: otherwise each analysis ends in a blank page of its own, which gets a copy of everything found.
  const { violations } = await axe.setLegacyMode().analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

/** Saves a screenshot of the whole page. */
export const screenshot = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}
