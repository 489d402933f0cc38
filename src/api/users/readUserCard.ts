import { nameOf } from '../../cards/nameOf.ts'
import { renderUnknownCard, renderUserCard } from '../../cards/renderCard.tsx'
import { contentSecurityPolicies } from '../../cards/theme.ts'
import type { Theme } from '../../cards/themes.ts'
import type { Portrait } from '../../cards/portrait.ts'
import { countWeeks, daysOfWeeks } from '../../cards/weeks.ts'
import { formatDay, type DayCount, type DayNumber } from '../../contributions/calendar.ts'
import { formatInstant } from '../../contributions/instant.ts'
import type { Profile } from '../../contributions/user.ts'
import { windowAt } from '../../contributions/window.ts'
import type { Rendition } from '../../http/respond.ts'
import { notCaughtUp, isProblem } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { callObject } from '../../projections/callObject.ts'
import { countsOver, type UserCounts } from '../../projections/user/userCounts.ts'
import type { CalendarQuery } from '../../projections/user/userEvents.ts'
import { dayAt, dayPieces, startOfDay } from '../days.ts'
import { freshnessOf, momentOf, type Moment } from '../parameters.ts'
import { userIdOf } from './userPath.ts'
import { readUserCardOperation } from './operations/readUserCard.ts'

const contentType = 'image/svg+xml; charset=utf-8'

const safety = (theme: Theme): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicies[theme],
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
})

/** For nobody there is a picture too, because an address in a page can show no other answer. */
const unknownCard = (theme: Theme): Response =>
  new Response(renderUnknownCard(theme), {
    status: 404,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...safety(theme) },
  })

const portraitOf = (
  { user, counts, days }: { user: Profile; counts: UserCounts; days: DayCount[] },
  { live }: Moment,
  today: DayNumber,
): Portrait => ({
  name: nameOf(user),
  total: counts.lifetime.total,
  types: counts.lifetime,
  last30Days: countsOver(counts, 30)?.total ?? 0,
  last90Days: countsOver(counts, 90)?.total ?? 0,
  sinceYear:
    counts.firstContributionAt === null ? null : new Date(counts.firstContributionAt).getUTCFullYear(),
  weeks: countWeeks(days, today),
  asOf: live ? null : formatDay(today),
})

/** The days of a card's weeks; live, what a fast clock dated a little ahead counts at once. */
const daysQuery = ({ asOf, live }: Moment, today: DayNumber): CalendarQuery => {
  const { from, to } = daysOfWeeks(today)
  return {
    window: { from: startOfDay(from, 'UTC'), to: windowAt(null, asOf, live).to },
    type: undefined,
    pieces: dayPieces(from, to, 'UTC'),
  }
}

/** `GET /v1/users/{id}/card.svg`: a user's contributions as a picture, from the user's own counter. */
export const readUserCard: HandlerOf<typeof readUserCardOperation> = async ({
  env,
  timing,
  now,
  params,
  query,
}) => {
  const { theme, as_of: asOf, at_least: atLeast } = query
  const moment = momentOf(asOf, now)
  if (isProblem(moment)) return moment
  const id = userIdOf(params['id'])
  if (id === undefined) return unknownCard(theme)
  const today = dayAt(moment.asOf, 'UTC')
  const days = daysQuery(moment, today)
  const answer = await timing.time(
    'object',
    callObject(
      () => env.USER_COUNTERS.getByName(String(id)),
      async (counter) => counter.portray({ now, atLeast }, asOf, days),
    ),
  )
  if (answer.status === 'unavailable') return notCaughtUp(answer.position, atLeast)
  if (answer.status === 'unknown') return unknownCard(theme)
  const text = renderUserCard(portraitOf(answer, moment, today), theme)
  const rendition: Rendition = { contentType, text, headers: safety(theme) }
  return {
    body: { as_of: formatInstant(moment.asOf), position: answer.position },
    rendition,
    freshness: freshnessOf(moment),
    ageSeconds: answer.ageSeconds,
  }
}
