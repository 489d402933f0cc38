import { formatDay, type DayNumber } from '../../contributions/calendar.ts'
import { responseTypes } from '../../definitions/definitions.ts'
import type { CohortsAnswer, CommunityAnswer, ResponsesAnswer } from '../api/answers.ts'
import { queryAt, type ApiAddress, type ApiQuery } from '../api/fetchApi.ts'
import { queryString } from '../parts/queryString.ts'
import type { CommunityState } from './communityState.ts'
import type { Span } from './range.ts'

/** The maximum number of intervals for which the API returns cohorts. */
export const cohortsMax = 60

interface Days {
  from: DayNumber
  to: DayNumber
}

const addressOf = (
  path: string,
  { from, to }: Days,
  { interval, timeZone, locale, product, group }: CommunityState,
  more: Record<string, string> = {},
): ApiAddress => {
  const days = { from: formatDay(from), to: formatDay(to) }
  return {
    path,
    query: queryString({ ...more, ...days, interval, time_zone: timeZone, locale, product, group }),
  }
}

/** The days of a span and of the intervals before it. */
const withBefore = ({ before, to }: Span): Days => ({ from: before, to })

/** The address of each panel's data for the given days. */
export const communityAt = (days: Days, state: CommunityState): ApiAddress =>
  addressOf('/v1/community', days, state, { rule: state.rule })
export const cohortsAt = (days: Days, state: CommunityState): ApiAddress =>
  addressOf('/v1/community/cohorts', days, state, { rule: state.rule })
export const responsesAt = (days: Days, state: CommunityState): ApiAddress =>
  addressOf('/v1/responses', days, state)
export const volumeAt = (days: Days, state: CommunityState): ApiAddress =>
  addressOf('/v1/volume', days, state, { group_by: state.split })

/** The lifecycles in a span and in the intervals before it. */
export const communityOf = (span: Span, state: CommunityState): ApiQuery<CommunityAnswer> =>
  queryAt(communityAt(withBefore(span), state))

/** A query that the API cannot answer, so no request is made. */
const unanswered = <Body>(key: string): ApiQuery<Body> => ({
  key,
  load: async () => ({ ok: false, status: 404, detail: key, retryAfterSeconds: undefined }),
})

/**
 * The replies to questions in a span and in the intervals before it. Not requested if the site has no types for
 * questions and answers.
 */
export const responsesOf = (span: Span, state: CommunityState): ApiQuery<ResponsesAnswer> =>
  responseTypes ? queryAt(responsesAt(withBefore(span), state)) : unanswered('no questions')

/**
 * The cohorts of a span, with those before it if the API can return so many. Not requested for a span of more than
 * `cohortsMax` intervals.
 */
export const cohortsOf = (span: Span, state: CommunityState): ApiQuery<CohortsAnswer> =>
  span.count <= cohortsMax
    ? queryAt(cohortsAt(2 * span.count <= cohortsMax ? withBefore(span) : span, state))
    : unanswered('too many cohorts')
