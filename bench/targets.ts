import type { SentContribution } from '../test/support/oracle.ts'
import { usersByActivity } from './dataSet.ts'
import type { SentRequest, Target } from './measure.ts'
import { aWebhook, batchItems } from './webhooks.ts'

/** Targets that take turns, so that they can be compared. */
export type TargetGroup = readonly Target[]

const get = (path: string): SentRequest => ({ method: 'GET', path })

/** A read of one path. */
export const page = (name: string, path: string): Target => ({ name, next: () => get(path) })

/** Reads as of past instants, each a second earlier than the previous one, so that each read scans the log. */
export const pastPages = (name: string, path: string, end: number): Target => {
  let requests = 0
  return {
    name,
    next: () => {
      requests += 1
      return get(`${path}as_of=${new Date(end - requests * 1000).toISOString()}`)
    },
  }
}

/** A prime, so that stepping by it visits every user before repeating one. */
const step = 7919

const otherUsers = (users: readonly number[]): Target => {
  let place = 0
  return {
    name: 'any user, for the first time',
    next: () => {
      place = (place + step) % users.length
      return get(`/v1/users/${users[place]}`)
    },
  }
}

let sent = 0

/** A new contribution, dated now, by a known user. */
const aContribution = (users: readonly number[], profile: object = {}): SentContribution => {
  sent += 1
  return {
    type: 'answer',
    user: { id: users[(sent * step) % users.length] ?? 1, ...profile },
    occurred_at: new Date().toISOString(),
    content: { type: 'questions.answer', id: `bench ${sent}` },
    parent: { type: 'questions.question', id: `${sent}` },
    locale: 'en-US',
    product: 'firefox',
  }
}

/** A webhook with one contribution, and its baseline. */
export const singleWebhook = 'webhook, one contribution'
export const bareInsert = 'bare insert of a row'

/** A webhook with 1,000 contributions, and its baseline. */
export const batchWebhook = 'webhook, 1,000 contributions'
export const bareInsertBatch = 'bare insert of 1,000 rows'

/** A static answer of 2 KB, the baseline for live reads that the isolate's memory answers after the first one. */
export const bareAnswer = 'bare static answer'
export const remembered = {
  board: 'leaderboard, 90d, from memory',
  metric: 'metric, from memory',
  user: 'the busiest user, from memory',
}

/** The targets to measure once these contributions are loaded. */
export const targetsOf = (contributions: readonly SentContribution[]): TargetGroup[] => {
  const users = usersByActivity(contributions)
  const end = Math.max(...contributions.slice(-1).map((last) => Date.parse(last.occurred_at)))
  const board = '/v1/leaderboards/support-forum?window='
  const metric = '/v1/metrics/active_contributors'
  const aBatch = (): SentContribution[] => Array.from({ length: batchItems }, () => aContribution(users))
  return [
    [page('bare route', '/bench/route')],
    [page('bare object', '/bench/object')],
    [page('bare read of a row', '/bench/read')],
    [
      page(bareAnswer, '/bench/static'),
      page(remembered.board, `${board}90d`),
      page(remembered.metric, metric),
      page(remembered.user, `/v1/users/${users[0]}`),
    ],
    [pastPages('leaderboard, 90d, as_of', `${board}90d&`, end)],
    [pastPages('metric, as_of', `${metric}?`, end)],
    [otherUsers(users)],
    [
      page(bareInsert, '/bench/insert'),
      { name: singleWebhook, next: () => aWebhook(aContribution(users)) },
      {
        name: `${singleWebhook}, with names`,
        next: () => aWebhook(aContribution(users, { username: 'ana', display_name: 'Ana B.' })),
      },
    ],
    [
      {
        name: bareInsertBatch,
        next: () => ({ method: 'POST', path: '/bench/insert-batch', body: JSON.stringify(aBatch()) }),
      },
      { name: batchWebhook, next: () => aWebhook(aBatch()) },
    ],
  ]
}
