import { CommandFailure } from '../src/cli/command.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { SentContribution } from './madeUp.ts'
import { measure, type Measurement, type SentRequest, type Target } from './measure.ts'
import { aWebhook, batchesOf, batchItems } from './webhooks.ts'

/** How many copies of the data the log holds when it is measured. */
const copyCounts = [1, 2, 4, 8]

/** More than any user id of the data: every copy has users of its own. */
export const userIdsACopy = 1_000_000

const senders = 2

/** The data once more: other users, other contents, and moved in time so that the last of it happens now. */
const copyOf = (
  contributions: readonly SentContribution[],
  copy: number,
  now: number,
): SentContribution[] => {
  const last = Math.max(...contributions.slice(-1).map((one) => Date.parse(one.occurred_at)))
  return contributions.map((one) => ({
    ...one,
    user: { id: one.user.id + copy * userIdsACopy },
    occurred_at: new Date(Date.parse(one.occurred_at) + now - last).toISOString(),
    content: { type: one.content.type, id: `${copy}-${one.content.id}` },
  }))
}

/** Sends contributions in batches; all must be taken. */
export const sendAll = async (url: URL, what: string, contributions: SentContribution[]): Promise<void> => {
  const batches = batchesOf(contributions)
  const left = batches.values()
  const progress = startProgress(what, batches.length)
  let sent = 0
  const onAnswer = (): void => progress.advance((sent += 1), sent * batchItems)
  const next = (): SentRequest => aWebhook(left.next().value ?? [])
  const load = { connections: senders, requests: batches.length, seconds: Infinity, warmUp: 0, onAnswer }
  const [measurement] = await measure(url, [{ name: what, next }], load)
  progress.end()
  if (measurement?.answered !== batches.length) throw new CommandFailure('Cannot load: a batch was refused')
}

const copiesMax = Math.max(...copyCounts)

const sendCopy = async (
  url: URL,
  contributions: readonly SentContribution[],
  copy: number,
  now: number,
): Promise<void> => await sendAll(url, `Copy ${copy + 1} of ${copiesMax}`, copyOf(contributions, copy, now))

/** Loads all copies of the data; returns how many events that makes. */
export const sendCopies = async (url: URL, contributions: readonly SentContribution[]): Promise<number> => {
  const now = Date.now()
  for (let copy = 0; copy < copiesMax; copy += 1) await sendCopy(url, contributions, copy, now)
  return copiesMax * contributions.length
}

const page = (name: string, path: string): Target => ({ name, next: () => ({ method: 'GET', path }) })

/** A page for another instant each time, so that each is a scan of its own. */
const pastPages = (name: string, path: string): Target => {
  let asked = 0
  return {
    name,
    next: () => ({
      method: 'GET',
      path: `${path}&as_of=${new Date(Date.now() - (asked += 1) * 1000).toISOString()}`,
    }),
  }
}

/** A history of another year each time. */
const histories = (name: string, timeZone: string): Target => {
  let asked = 0
  const dayOf = (daysAgo: number): string =>
    new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  return {
    name,
    next: () => {
      asked += 1
      const range = `from=${dayOf(365 + asked)}&to=${dayOf(asked)}`
      return { method: 'GET', path: `/v1/metrics/active_contributors/history?${range}&time_zone=${timeZone}` }
    },
  }
}

export const bareObject = 'bare object'
export const liveBoard = 'leaderboard, 90d, live'
export const liveBoardOfSmallest = 'the same of the smallest log'

const liveBoardPath = '/v1/leaderboards/support-forum'

interface Group {
  connections: number[]
  requests: number
  targets: Target[]
}

/**
 * What is measured at every size: from many connections what is live, from one what scans. The live board takes
 * turns with that of a server whose log stays small: so the machine's moods are in both.
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
    targets: [pastPages('leaderboard, 90d, as_of', '/v1/leaderboards/support-forum?window=90d')],
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

/** What was measured with so many events in the log. */
export interface AtSize {
  events: number
  measurements: Measurement[]
}

/** Loads copy after copy, and measures at every size; the first copy alone goes to the second server too. */
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

/** A million users with a contribution each, three days ago. */
export const aMillionUsers = (): SentContribution[] =>
  Array.from({ length: 1_000_000 }, (_, index) => ({
    type: 'helpful_vote',
    user: { id: 100_000_000 + index },
    occurred_at: new Date(Date.now() - 3 * 86_400_000 - index).toISOString(),
    content: { type: 'questions.answervote', id: `million-${index}` },
  }))
