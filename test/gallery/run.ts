import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Browser } from 'playwright-core'
import { CommandFailure, runCommand } from '../../src/cli/command.ts'
import { startProgress } from '../../src/cli/console/progress.ts'
import { offline, projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { languages } from '../../src/definitions/languages.ts'
import { isHere, launch } from '../browser/support/browser.ts'
import { setup as buildWorker } from '../system/support/built.ts'
import { startServer } from '../system/support/server.ts'
import { galleryPages, themes, widths, type GalleryPage } from './pages.ts'
import { fill, galleryStates, logs, type GalleryState, type Log } from './states.ts'
import { takePictures } from './takePictures.ts'
import { writeIndex } from './writeIndex.ts'

interface Options {
  page?: GalleryPage[]
  state?: GalleryState[]
  lang?: string
  data?: string
}

/** The folder of the pictures, which git ignores. */
const folder = join(projectDirectory, 'test/gallery/pictures')

/** How many pages are open at a time. */
const tabs = 3

const chosenFrom =
  <Item extends { name: string }>(items: readonly Item[]) =>
  (text: string): Item[] =>
    text.split(',').map((name) => {
      const item = items.find((each) => each.name === name)
      if (item) return item
      throw new InvalidArgumentError(`Use some of ${items.map((each) => each.name).join(', ')}.`)
    })

const languageOf = (text: string): string => {
  if (languages.some((language) => language === text)) return text
  throw new InvalidArgumentError(`Use one of ${languages.join(', ')}.`)
}

/** Which page is shown in which state. Pages without numbers are shown in one state, unless it is left out. */
const pairsOf = ({ page: pages = [...galleryPages], state: states = [...galleryStates] }: Options) =>
  pages.flatMap((page) => {
    const once = states.find(({ name }) => name === 'demo') ?? states[0]
    return states.filter((state) => page.isLive || state === once).map((state) => ({ page, state }))
  })

interface Course {
  browser: Browser
  options: Options
  pairs: ReturnType<typeof pairsOf>
  advance: (said: string[]) => void
}

/** Takes the pictures of all states with the same log. */
const takeOf = async (log: Log, { browser, options, pairs, advance }: Course): Promise<void> => {
  const subjects = pairs
    .filter(({ state }) => state.log === log)
    .flatMap((pair) => widths.map((width) => ({ ...pair, width })))
  if (subjects.length === 0) return
  const server = await startServer(log !== 'untouched')
  try {
    const user = await fill(log, server.url, options.data)
    const query = options.lang === undefined ? '' : `lang=${options.lang}`
    const next = subjects.values()
    const takeNext = async (): Promise<void> => {
      for (const subject of next) {
        const faults = await takePictures(browser, { ...subject, url: server.url, user, query, folder })
        const of = `${subject.page.name}, ${subject.state.name}, ${subject.width} px`
        advance(faults.map((fault) => `${of}: ${fault}`))
      }
    }
    await Promise.all(Array.from({ length: tabs }, takeNext))
  } finally {
    await server.close()
  }
}

const start = async (options: Options): Promise<void> => {
  if (!isHere)
    throw new CommandFailure('Cannot find Chromium: install it, or name it with the variable CHROMIUM')
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  mkdirSync(folder, { recursive: true })
  const pairs = pairsOf(options)
  const total = pairs.length * widths.length * themes.length
  const progress = startProgress('Taking pictures', total)
  const removeBuilt = await buildWorker()
  const browser = await launch()
  let taken = 0
  const advance = (said: string[]): void => {
    for (const each of said) progress.say(each)
    taken += themes.length
    progress.advance(taken, taken)
  }
  try {
    for (const log of logs) await takeOf(log, { browser, options, pairs, advance })
  } finally {
    progress.end()
    await browser.close()
    await removeBuilt?.()
  }
  console.log(`${taken} pictures: ${writeIndex(folder)}`)
}

await runCommand(
  new Command('npm run gallery --')
    .description(
      `Takes a picture of every page in every state, ${widths.join(' and ')} px wide, light and dark, and makes an index of them.`,
    )
    .option('--page <names>', 'only these pages, separated by commas', chosenFrom(galleryPages))
    .option('--state <names>', 'only these states, separated by commas', chosenFrom(galleryStates))
    .option('--lang <language>', `the language of the pages: ${languages.join(' or ')}`, languageOf)
    .option('--data <file>', 'contributions for the state "real", as NDJSON or gzipped NDJSON')
    .addHelpText(
      'after',
      `
Pages: ${galleryPages.map(({ name }) => name).join(', ')}.
States:
${galleryStates.map(({ name, note }) => `  ${name.padEnd(8)} ${note}`).join('\n')}
It starts Workers of its own, and needs Chromium. The pictures are in test/gallery/pictures/, which git ignores; a run
replaces those that it takes. It names pages that are wider than the window, and errors on their console.
Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(start),
)
