import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'

/** Debian's package, or another that `CHROMIUM` names. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Whether there is a browser to try pages in. */
export const isHere = existsSync(executablePath)

export const launch = async (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'], timeout: hangMilliseconds })

/** Where a person can look at every page. Not kept in git. */
export const screenshots = join(projectDirectory, 'test/browser/screenshots')

/** A page, and all that went wrong on it. */
export interface WatchedPage {
  page: Page
  /** Console errors, exceptions, violations of the policy, requests to another host. */
  faults: string[]
  close: () => Promise<void>
}

/** Opens a tab that keeps what went wrong in it. */
export const openTab = async (
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> => {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-US', ...options })
  context.setDefaultTimeout(hangMilliseconds)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin && !request.url().startsWith('data:'))
      faults.push(`asked another host: ${request.url()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  return { page, faults, close: async () => context.close() }
}

/** Waits until nothing on the page is being asked for. */
export const settled = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"]') === null &&
      ![...document.querySelectorAll('.waiting')].some(({ textContent }) =>
        textContent.startsWith('Reading'),
      ),
  )
}

/** Writes a picture of the whole page. */
export const picture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}
