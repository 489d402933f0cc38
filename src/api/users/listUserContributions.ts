import { formatInstant } from '../../contributions/instant.ts'
import { windowAt } from '../../contributions/window.ts'
import { notCaughtUp, isProblem } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { callObject } from '../../projections/callObject.ts'
import type { ListedContribution } from '../../projections/user/userEvents.ts'
import { formatCursor } from '../cursor.ts'
import { pageOf } from '../page.ts'
import { freshnessOf } from '../parameters.ts'
import { noSuchUser, userIdOf } from './userPath.ts'
import { listUserContributionsOperation } from './operations/listUserContributions.ts'

const toItem = ({ occurredAt, ...rest }: ListedContribution) => ({
  type: rest.type,
  occurred_at: formatInstant(occurredAt),
  content: rest.content,
  parent: rest.parent,
  locale: rest.locale,
  product: rest.product,
  self: rest.self,
  position: rest.position,
})

const toCells = (listed: ListedContribution) => [
  listed.type,
  formatInstant(listed.occurredAt),
  listed.content.type,
  listed.content.id,
  listed.parent?.type ?? null,
  listed.parent?.id ?? null,
  listed.locale,
  listed.product,
  listed.self,
  listed.position,
]

/** `GET /v1/users/{id}/contributions`: the very events that make up a user's numbers, newest first. */
export const listUserContributions: HandlerOf<typeof listUserContributionsOperation> = async ({
  request,
  env,
  timing,
  now,
  params,
  query,
}) => {
  const page = pageOf(request, query, now)
  if (isProblem(page)) return page
  const id = userIdOf(params['id'])
  if (id === undefined) return noSuchUser()
  const listing = {
    window: windowAt(query.window, page.asOf, page.live),
    type: query.type,
    position: page.position,
    after: page.after && { occurredAt: page.after[0], position: page.after[1] },
    limit: query.limit,
  }
  const asking = { now, atLeast: query.at_least }
  const answer = await timing.time(
    'object',
    callObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => counter.list(asking, listing),
    ),
  )
  if (answer.status === 'unavailable') {
    return notCaughtUp(answer.position, Math.max(query.at_least, page.position ?? 0))
  }
  if (answer.status === 'unknown') return noSuchUser()
  const { contributions, position, more, ageSeconds } = answer
  const last = contributions.at(-1)
  const after: [number, number] | undefined = last && [last.occurredAt, last.position]
  return {
    body: {
      contributions: contributions.map(toItem),
      as_of: formatInstant(page.asOf),
      position,
      next_cursor: more && after ? formatCursor(request, { ...page, position, after }) : null,
    },
    table: () => contributions.map(toCells),
    freshness: freshnessOf(page),
    ageSeconds,
  }
}
