import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Browser } from 'playwright-core'
import { CommandFailure, runCommand } from '../../src/cli/command.ts'
import { startProgress } from '../../src/cli/console/progress.ts'
import { offline, projectDirectory } from '../../src/cli/platform/wrangler.ts'
import { languages } from '../../src/definitions/languages.ts'
import { isHere, launch } from '../browser/support/browser.ts'
import { setup as buildWorker } from '../system/support/built.ts'
import { startServer, type Server } from '../system/support/server.ts'
import { galleryPages, themes, widths, type GalleryPage } from './pages.ts'
import { PictureRecord } from './record.ts'
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

interface Pair {
  page: GalleryPage
  state: GalleryState
}

/** Which page is shown in which state, in the order of their logs. */
const pairsOf = ({
  page: pages = [...galleryPages],
  state: states = [...galleryStates],
}: Options): Pair[] => {
  const once = states.find(({ name }) => name === 'demo') ?? states[0]
  return logs.flatMap((log) =>
    pages.flatMap((page) =>
      states
        .filter((state) => state.log === log && (page.kind === 'live' || state === once))
        .map((state) => ({ page, state })),
    ),
  )
}

/** Whether Chinese and Japanese can be shown: without a font for them, all their characters are the same empty box. */
const showsCjk = async (browser: Browser): Promise<boolean> => {
  const page = await browser.newPage()
  const isFound = await page.evaluate(() => {
    const [one, other] = ['語', '問'].map((character) => {
      const canvas = document.createElement('canvas')
      canvas.getContext('2d')?.fillText(character, 0, 20)
      return canvas.toDataURL()
    })
    return one !== other
  })
  await page.close()
  return isFound
}

interface Course extends Pick<Options, 'lang' | 'data'> {
  browser: Browser
  pairs: readonly Pair[]
  record: PictureRecord
  advance: (said: string[]) => void
}

/** Takes all pictures. While those of the small logs are taken, the large ones are filled. */
const takeAll = async ({ browser, pairs, record, lang, data, advance }: Course): Promise<void> => {
  const servers = new Map<Log, Promise<Server>>()
  const users = new Map<Log, Promise<number>>()
  for (const { log } of new Set(pairs.map(({ state }) => state))) {
    if (servers.has(log)) continue
    const server = startServer(log !== 'untouched')
    servers.set(log, server)
    users.set(
      log,
      server.then(async ({ url }) => await fill(log, url, data)),
    )
  }
  const left = pairs.values()
  const takeNext = async (): Promise<void> => {
    for (const { page, state } of left) {
      const [server, user] = await Promise.all([servers.get(state.log), users.get(state.log)])
      if (!server || user === undefined) throw new Error(`Cannot find a Worker for the log ${state.log}`)
      const faults = await takePictures(browser, { page, state, url: server.url, user, lang, record })
      advance(faults.map((fault) => `${page.name}, ${state.name}: ${fault}`))
    }
  }
  try {
    await Promise.all(Array.from({ length: tabs }, takeNext))
  } finally {
    await Promise.allSettled(users.values())
    for (const server of await Promise.allSettled(servers.values()))
      if (server.status === 'fulfilled') await server.value.close()
  }
}

const start = async (options: Options): Promise<void> => {
  if (!isHere)
    throw new CommandFailure('Cannot find Chromium: install it, or name it with the variable CHROMIUM')
  Object.assign(process.env, offline, { WRANGLER_LOG: 'error' })
  const record = new PictureRecord(folder)
  const pairs = pairsOf(options)
  const each = widths.length * themes.length
  const progress = startProgress('Taking pictures', pairs.length * each)
  const removeBuilt = await buildWorker()
  const browser = await launch()
  let taken = 0
  const advance = (said: string[]): void => {
    for (const line of said) progress.say(line)
    taken += each
    progress.advance(taken, taken)
  }
  try {
    if (!(await showsCjk(browser)))
      progress.say('Cards in Japanese and Chinese will be boxes: install a font, like fonts-wqy-zenhei')
    await takeAll({ browser, pairs, record, advance, ...options })
  } finally {
    progress.end()
    record.save()
    await browser.close()
    await removeBuilt?.()
  }
  console.log(`${taken} pictures: ${writeIndex(record)}`)
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
It starts Workers of its own, and needs Chromium and a font for Chinese and Japanese. The pictures are in
test/gallery/pictures/, which git ignores; a run replaces those that it takes, and the index marks those of another
commit than the newest. It names pages that are wider than the window or never come to rest, and errors on their
console.
Exit codes: 0 done, 1 failed, 2 misused.`,
    )
    .action(start),
)
