import { startProgress } from '../src/cli/console/progress.ts'
import type { SentContribution } from '../test/support/oracle.ts'
import { sendBatches } from './load.ts'
import { measure, type Measurement, type Target } from './measure.ts'
import { page, pastPages } from './targets.ts'
import { batchesOf, batchItems } from './webhooks.ts'

/** The sizes of the log to measure, in copies of the data. */
const copyCounts = [1, 2, 4, 8]

/** Greater than any user ID in the data, so that every copy has its own users. */
export const userIdsPerCopy = 1_000_000

const senders = 2

/** A copy of the data with different users and contents, shifted in time so that it ends now. */
const copyOf = (
  contributions: readonly SentContribution[],
  copy: number,
  now: number,
): SentContribution[] => {
  const last = Math.max(...contributions.slice(-1).map((one) => Date.parse(one.occurred_at)))
  return contributions.map((one) => ({
    ...one,
    user: { id: one.user.id + copy * userIdsPerCopy },
    occurred_at: new Date(Date.parse(one.occurred_at) + now - last).toISOString(),
    content: { type: one.content.type, id: `${copy}-${one.content.id}` },
    ...(one.parent && { parent: { type: one.parent.type, id: `${copy}-${one.parent.id}` } }),
  }))
}

/** Sends contributions in batches. Throws a CommandFailure if one is refused. */
export const sendAll = async (url: URL, what: string, contributions: SentContribution[]): Promise<void> => {
  const batches = batchesOf(contributions)
  const progress = startProgress(what, batches.length)
  let sent = 0
  await sendBatches(url, batches, senders, () => progress.advance((sent += 1), sent * batchItems))
  progress.end()
}

const copiesMax = Math.max(...copyCounts)

const sendCopy = async (
  url: URL,
  contributions: readonly SentContribution[],
  copy: number,
  now: number,
): Promise<void> => await sendAll(url, `Copy ${copy + 1} of ${copiesMax}`, copyOf(contributions, copy, now))

/** Loads all copies of the data. Returns the number of events. */
export const sendCopies = async (url: URL, contributions: readonly SentContribution[]): Promise<number> => {
  const now = Date.now()
  for (let copy = 0; copy < copiesMax; copy += 1) await sendCopy(url, contributions, copy, now)
  return copiesMax * contributions.length
}

/** Requests for a year of history, each shifted by a day. */
const histories = (name: string, timeZone: string): Target => {
  let requests = 0
  const dayOf = (daysAgo: number): string =>
    new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  return {
    name,
    next: () => {
      requests += 1
      const range = `from=${dayOf(365 + requests)}&to=${dayOf(requests)}`
      return { method: 'GET', path: `/v1/metrics/active_contributors/history?${range}&time_zone=${timeZone}` }
    },
  }
}

export const bareObject = 'bare object'
export const liveBoard = 'leaderboard, 90d, live'
export const liveBoardOfSmallest = 'the same with the smallest log'

const liveBoardPath = '/v1/leaderboards/support-forum'

interface Group {
  connections: number[]
  requests: number
  targets: Target[]
}

/**
 * The targets for every size: live reads over many connections, scans over one. The live board takes turns with that of
 * a server whose log stays small, so that other load on the machine affects both.
 */
const groupsBeside = (smallest: URL): Group[] => [
  {
    connections: [1, 16],
    requests: 2000,
    targets: [
      page(bareObject, '/bench/object'),
      page(liveBoard, liveBoardPath),
      { ...page(liveBoardOfSmallest, liveBoardPath), server: smallest },
    ],
  },
  {
    connections: [1, 16],
    requests: 1000,
    targets: [page('metric, live', '/v1/metrics/active_contributors'), page('a user', '/v1/users/1')],
  },
  {
    connections: [1],
    requests: 20,
    targets: [pastPages('leaderboard, 90d, as_of', `${liveBoardPath}?window=90d&`, Date.now())],
  },
  {
    connections: [1],
    requests: 5,
    targets: [
      histories('history of a year, UTC', 'UTC'),
      histories('history of a year, Los Angeles', 'America/Los_Angeles'),
    ],
  },
]

/** The measurements at one size of the log. */
export interface AtSize {
  events: number
  measurements: Measurement[]
}

/** Loads copy after copy and measures at every size. The second server gets only the first copy. */
export const measureSizes = async (
  url: URL,
  smallest: URL,
  contributions: readonly SentContribution[],
): Promise<AtSize[]> => {
  const now = Date.now()
  await sendAll(smallest, 'A log that stays small', copyOf(contributions, 0, now))
  const sizes: AtSize[] = []
  let copies = 0
  for (const count of copyCounts) {
    for (; copies < count; copies += 1) await sendCopy(url, contributions, copies, now)
    const measurements: Measurement[] = []
    for (const { connections, requests, targets } of groupsBeside(smallest)) {
      for (const each of connections) {
        const load = { connections: each, requests, seconds: 5, warmUp: Math.min(requests, 20) }
        measurements.push(...(await measure(url, targets, load)))
      }
    }
    sizes.push({ events: count * contributions.length, measurements })
  }
  return sizes
}

/** A million users with one contribution each, three days ago. */
export const aMillionUsers = (): SentContribution[] =>
  Array.from({ length: 1_000_000 }, (_, index) => ({
    type: 'helpful_vote',
    user: { id: 100_000_000 + index },
    occurred_at: new Date(Date.now() - 3 * 86_400_000 - index).toISOString(),
    content: { type: 'questions.answervote', id: `million-${index}` },
  }))
