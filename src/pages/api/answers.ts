import type { readCohorts } from '../../api/community/readCohorts.ts'
import type { readCommunity } from '../../api/community/readCommunity.ts'
import type { readResponses } from '../../api/community/readResponses.ts'
import type { listMetrics } from '../../api/metrics/listMetrics.ts'
import type { readLeaderboard } from '../../api/leaderboards/readLeaderboard.ts'
import type { readMetric } from '../../api/metrics/readMetric.ts'
import type { readMetricHistory } from '../../api/metrics/readMetricHistory.ts'
import type { listDeliveries } from '../../api/operator/listDeliveries.ts'
import type { readHealth } from '../../api/operator/readHealth.ts'
import type { readStatus } from '../../api/operator/readStatus.ts'
import type { findUsers } from '../../api/users/findUsers.ts'
import type { listUserContributions } from '../../api/users/listUserContributions.ts'
import type { readUser } from '../../api/users/readUser.ts'
import type { readUserCalendar } from '../../api/users/readUserCalendar.ts'
import type { readVolume } from '../../api/volume/readVolume.ts'
import type { Endpoint } from '../../http/endpoint.ts'

/*
 * The types of the answers that pages read, derived from the endpoints. Has only type imports, so that no endpoint is
 * bundled for browsers.
 */

type AnswerOf<Of> = Of extends Endpoint<infer _, infer Body> ? Body : never

export type MetricsAnswer = AnswerOf<typeof listMetrics>
export type MetricAnswer = AnswerOf<typeof readMetric>
export type HistoryAnswer = AnswerOf<typeof readMetricHistory>
export type BoardAnswer = AnswerOf<typeof readLeaderboard>
/** The answer to a search by name. */
export interface FoundUsersAnswer {
  users: Extract<AnswerOf<typeof findUsers>['users'][number], { id: number }>[]
}
export type UserAnswer = AnswerOf<typeof readUser>
export type CalendarAnswer = AnswerOf<typeof readUserCalendar>
export type ContributionsAnswer = AnswerOf<typeof listUserContributions>
export type StatusAnswer = AnswerOf<typeof readStatus>
export type HealthAnswer = AnswerOf<typeof readHealth>
export type DeliveriesAnswer = AnswerOf<typeof listDeliveries>
export type VolumeAnswer = AnswerOf<typeof readVolume>
export type CommunityAnswer = AnswerOf<typeof readCommunity>
export type CohortsAnswer = AnswerOf<typeof readCohorts>
export type ResponsesAnswer = AnswerOf<typeof readResponses>
