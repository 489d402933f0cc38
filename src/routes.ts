import { takeAuditStep } from './operator/takeAuditStep.ts'
import { takeAuditStepOperation } from './operator/operations/takeAuditStep.ts'
import { parametersOf, parseState } from './dashboard/overview/state.ts'
import { page } from './dashboard/page.tsx'
import { parseProfile, profileParameters } from './dashboard/profile/state.ts'
import { showProblem, showProblems } from './dashboard/problems/showProblems.tsx'
import { showReference } from './dashboard/reference/showReference.tsx'
import { showDashboard } from './dashboard/showDashboard.tsx'
import { showUser } from './dashboard/showUser.tsx'
import { readOpenApi, readOpenApiOperation } from './http/openapi/readOpenApi.ts'
import { get, getPrivately, post, postPrivately, type Route } from './http/route.ts'
import { receiveWebhookOperation } from './ingest/operation.ts'
import { receiveWebhook } from './ingest/webhook.ts'
import { findUsers } from './stats/users/findUsers.ts'
import { listLeaderboards } from './stats/leaderboards/listLeaderboards.ts'
import { listMetrics } from './stats/metrics/listMetrics.ts'
import { listUserContributions } from './stats/users/listUserContributions.ts'
import { readHealth } from './operator/readHealth.ts'
import { readLeaderboard } from './stats/leaderboards/readLeaderboard.ts'
import { readMetric } from './stats/metrics/readMetric.ts'
import { readMetricHistory } from './stats/metrics/readMetricHistory.ts'
import { readStatus } from './operator/readStatus.ts'
import { readUser } from './stats/users/readUser.ts'
import { readUserBadge } from './stats/users/readUserBadge.ts'
import { readUserCalendar } from './stats/users/readUserCalendar.ts'
import { readUserCard } from './stats/users/readUserCard.ts'
import { streamLog } from './operator/streamLog.ts'
import { findUsersOperation } from './stats/users/operations/findUsers.ts'
import { listLeaderboardsOperation } from './stats/leaderboards/operations/listLeaderboards.ts'
import { listMetricsOperation } from './stats/metrics/operations/listMetrics.ts'
import { listUserContributionsOperation } from './stats/users/operations/listUserContributions.ts'
import { readHealthOperation } from './operator/operations/readHealth.ts'
import { readLeaderboardOperation } from './stats/leaderboards/operations/readLeaderboard.ts'
import { readMetricOperation } from './stats/metrics/operations/readMetric.ts'
import { readMetricHistoryOperation } from './stats/metrics/operations/readMetricHistory.ts'
import { readStatusOperation } from './operator/operations/readStatus.ts'
import { readUserOperation } from './stats/users/operations/readUser.ts'
import { readUserBadgeOperation } from './stats/users/operations/readUserBadge.ts'
import { readUserCalendarOperation } from './stats/users/operations/readUserCalendar.ts'
import { readUserCardOperation } from './stats/users/operations/readUserCard.ts'
import { streamLogOperation } from './operator/operations/streamLog.ts'

/** The site's table of contents: the API, then the pages. */
export const routes: readonly Route[] = [
  post('/v1/webhooks', receiveWebhook, receiveWebhookOperation),
  get('/v1/users', findUsers, findUsersOperation),
  get('/v1/users/:id', readUser, readUserOperation),
  get('/v1/users/:id/contributions', listUserContributions, listUserContributionsOperation),
  get('/v1/users/:id/calendar', readUserCalendar, readUserCalendarOperation),
  get('/v1/users/:id/card.svg', readUserCard, readUserCardOperation),
  get('/v1/users/:id/badge.json', readUserBadge, readUserBadgeOperation),
  get('/v1/leaderboards', listLeaderboards, listLeaderboardsOperation),
  get('/v1/leaderboards/:board', readLeaderboard, readLeaderboardOperation),
  get('/v1/metrics', listMetrics, listMetricsOperation),
  get('/v1/metrics/:metric', readMetric, readMetricOperation),
  get('/v1/metrics/:metric/history', readMetricHistory, readMetricHistoryOperation),
  get('/v1/status', readStatus, readStatusOperation),
  get('/healthz', readHealth, readHealthOperation),
  getPrivately('/v1/log', streamLog, streamLogOperation),
  postPrivately('/v1/audit', takeAuditStep, takeAuditStepOperation),
  get(
    '/openapi.json',
    readOpenApi(() => routes),
    readOpenApiOperation,
  ),
  page('/', showDashboard, (search) => parametersOf(parseState(search))),
  page('/users/:id', showUser, (search) => profileParameters(parseProfile(search))),
  page(
    '/docs',
    showReference(() => routes),
  ),
  page('/problems', showProblems),
  page('/problems/:name', showProblem),
]
