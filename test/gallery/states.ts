import type { Route } from 'playwright-core'
import { readDataSet, usersByActivity } from '../../bench/dataSet.ts'
import type { SentContribution } from '../support/oracle.ts'
import { sendDemo } from '../browser/support/demo.ts'
import { aMessage, deliver } from '../system/support/site.ts'
import { longNamed } from './pages.ts'

/** What is in the log: `untouched` is a database without tables, so that the Worker cannot read it. */
export const logs = ['empty', 'one', 'untouched', 'demo', 'real'] as const
export type Log = (typeof logs)[number]

/** A state that the pages are shown in. */
export interface GalleryState {
  name: string
  /** What it is, in a few words. */
  note: string
  log: Log
  /** What becomes of each request to the API once the page has loaded. */
  fail?: (route: Route) => Promise<void>
}

/** A problem with this status. A card is the image with which the Worker itself answers what it cannot do now. */
const answerWith =
  (status: number, detail: string) =>
  async (route: Route): Promise<void> => {
    const url = new URL(route.request().url())
    url.searchParams.set('at_least', String(Number.MAX_SAFE_INTEGER)) // no log is as long
    if (url.pathname.endsWith('/card.svg')) return await route.continue({ url: url.href })
    return await route.fulfill({
      status,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
      body: JSON.stringify({ status, detail }),
    })
  }

/** Every state, in the order of the gallery. */
export const galleryStates: readonly GalleryState[] = [
  { name: 'empty', note: 'nothing in the log', log: 'empty' },
  { name: 'one', note: 'one contribution', log: 'one' },
  { name: 'demo', note: 'the made-up community of the demo', log: 'demo' },
  { name: 'real', note: 'an eighth of the people of a real community, moved to today', log: 'real' },
  {
    name: '429',
    note: 'the API refuses: too many requests',
    log: 'demo',
    fail: answerWith(429, 'Too many requests'),
  },
  {
    name: '503',
    note: 'the API is unavailable',
    log: 'demo',
    fail: answerWith(503, 'The log cannot be read'),
  },
  {
    name: 'offline',
    note: 'no connection',
    log: 'demo',
    fail: async (route) => await route.abort('internetdisconnected'),
  },
  {
    name: 'down',
    note: 'the Worker cannot read its database',
    log: 'untouched',
    fail: async (route) => await route.continue(), // the Worker does it
  },
]

const hour = 3_600_000

/** Answers as the Worker does when an audit found a difference and a variable is invalid. */
export const reportFaults = async (route: Route): Promise<void> => {
  const response = await route.fetch()
  const body = (await response.json()) as { audit?: unknown }
  const before = new Date(Date.now() - hour).toISOString()
  const faults =
    body.audit === undefined
      ? {
          status: 'misconfigured',
          misconfigured: [
            { variable: 'WEBHOOK_SECRETS', detail: 'Secret 1 must be "whsec_" and 24 to 64 bytes in Base64' },
          ],
        }
      : { audit: { checked_at: before, users: 1204, boards: 96, drift: 3, last_drift_at: before } }
  await route.fulfill({ response, json: { ...body, ...faults } })
}

const batch = 1000

/** Who has most contributions of the demo's community, which is always the same. */
const demoLeader = 800_150

const sendOne = async (url: string): Promise<number> => {
  const contribution = {
    type: 'answer',
    user: { id: 42, username: 'ana', display_name: 'Ana' },
    occurred_at: new Date(Date.now() - hour).toISOString(),
    content: { type: 'questions.answer', id: '17', title: 'How to restore the last session' },
    parent: { type: 'questions.question', id: '5' },
    locale: 'en-US',
    product: 'firefox',
  }
  await deliver(url, aMessage('contribution.created', contribution))
  return contribution.user.id
}

/** A user with the longest names allowed. */
const sendLongName = async (url: string): Promise<void> => {
  const contributions = ['1', '2', '3'].map((id) => ({
    type: 'answer',
    user: {
      id: longNamed,
      username: 'a_username_without_any_space_'.repeat(9).slice(0, 254),
      display_name: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(8).slice(0, 254),
    },
    occurred_at: new Date(Date.now() - hour).toISOString(),
    content: { type: 'questions.answer', id: `long-${id}`, title: 'Pneumonoultramicroscopic'.repeat(10) },
    locale: 'en-US',
    product: 'firefox',
  }))
  await deliver(url, aMessage('contribution.created', contributions))
}

/** Every how many people of the real data are taken. */
const oneIn = 8

/** Sends what the real data's community did, moved so that it ends an hour ago. Without the real data it is made up in its shape. */
const sendReal = async (url: string, file: string | undefined): Promise<number> => {
  const { source, contributions } = readDataSet(file)
  console.error(`State "real": ${source}`)
  const sample = contributions.filter(({ user }) => user.id % oneIn === 0)
  const last = Math.max(...sample.slice(-batch).map((one) => Date.parse(one.occurred_at)))
  const ahead = Date.now() - hour - last
  const moved = sample.map((one): SentContribution => {
    const at = Date.parse(one.occurred_at) + ahead
    return { ...one, occurred_at: new Date(at).toISOString() }
  })
  for (let start = 0; start < moved.length; start += batch)
    await deliver(url, aMessage('contribution.created', moved.slice(start, start + batch)))
  return usersByActivity(moved)[0] ?? 1
}

/** Fills a log. Returns who has most contributions in it. */
export const fill = async (log: Log, url: string, realData: string | undefined): Promise<number> => {
  switch (log) {
    case 'empty':
    case 'untouched':
      return 42
    case 'one':
      return await sendOne(url)
    case 'demo':
      await sendDemo(url)
      await sendLongName(url)
      return demoLeader
    case 'real':
      return await sendReal(url, realData)
  }
}
