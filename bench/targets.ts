import type { SentContribution } from '../test/support/oracle.ts'
import { usersByActivity } from './dataSet.ts'
import type { SentRequest, Target } from './measure.ts'
import { aWebhook } from './webhooks.ts'

/** Targets that are measured in turns, to be compared. */
export type TargetGroup = readonly Target[]

const get = (path: string): SentRequest => ({ method: 'GET', path })

/** A read of one path. */
export const page = (name: string, path: string): Target => ({ name, next: () => get(path) })

/** Reads as of instants before `end`, each a second earlier than the last, so that each one scans the log. */
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

/** A prime, so that steps of it reach every user before any user again. */
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

/** Messages with one current contribution each, by known users. */
const singleWebhooks = (name: string, users: readonly number[], profile: object): Target => {
  let sent = 0
  return {
    name,
    next: () => {
      sent += 1
      const user = { id: users[(sent * step) % users.length], ...profile }
      return aWebhook({
        type: 'answer',
        user,
        occurred_at: new Date().toISOString(),
        content: { type: 'questions.answer', id: `${name} ${sent}` },
        parent: { type: 'questions.question', id: `${sent}` },
        locale: 'en-US',
        product: 'firefox',
      })
    },
  }
}

/** A webhook with one contribution, and what it is compared with. */
export const singleWebhook = 'webhook, one contribution'
export const bareInsert = 'bare insert of a row'

/** The targets to measure once these contributions are loaded. */
export const targetsOf = (contributions: readonly SentContribution[]): TargetGroup[] => {
  const users = usersByActivity(contributions)
  const end = Math.max(...contributions.slice(-1).map((last) => Date.parse(last.occurred_at)))
  const board = '/v1/leaderboards/support-forum?window='
  const metric = '/v1/metrics/active_contributors'
  return [
    [page('bare route', '/bench/route')],
    [page('bare object', '/bench/object')],
    [page('bare read of a row', '/bench/read')],
    [page('leaderboard, all, live', `${board}all`)],
    [pastPages('leaderboard, 90d, as_of', `${board}90d&`, end)],
    [page('metric, live', metric)],
    [pastPages('metric, as_of', `${metric}?`, end)],
    [page('the busiest user', `/v1/users/${users[0]}`)],
    [otherUsers(users)],
    [
      page(bareInsert, '/bench/insert'),
      singleWebhooks(singleWebhook, users, {}),
      singleWebhooks(`${singleWebhook}, with names`, users, { username: 'ana', display_name: 'Ana B.' }),
    ],
  ]
}
