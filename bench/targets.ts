import { usersByActivity } from './contributions.ts'
import type { SentContribution } from './madeUp.ts'
import type { SentRequest, Target } from './measure.ts'
import { aWebhook } from './webhooks.ts'

/** Targets that are measured side by side, because they are to be compared. */
export type TargetGroup = readonly Target[]

const get = (path: string): SentRequest => ({ method: 'GET', path })

const page = (name: string, path: string): Target => ({ name, next: () => get(path) })

/** Pages for instants before the end of the data, each for another one, so that each is a scan of its own. */
const pastPages = (name: string, path: string, end: number): Target => {
  let asked = 0
  return {
    name,
    next: () => {
      asked += 1
      return get(`${path}as_of=${new Date(end - asked * 1000).toISOString()}`)
    },
  }
}

/** A prime, so that a walk in such steps meets every user once before it meets one again. */
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

/** Single messages of contributions that happen now, by users who are known already. */
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

/** The single webhook, and what it is compared with. */
export const singleWebhook = 'webhook, one contribution'
export const bareInsert = 'bare insert of a row'

/** All that is measured once these contributions are loaded. */
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
