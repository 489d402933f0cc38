import { takeAuditStep } from './api/operator/takeAuditStep.ts'
import { takeAuditStepOperation } from './api/operator/operations/takeAuditStep.ts'
import { parametersOf, parseState } from './pages/overview/state.ts'
import { page } from './pages/page.tsx'
import { parseProfile, profileParameters } from './pages/profile/state.ts'
import { showProblem, showProblems } from './pages/problems/showProblems.tsx'
import { showReference } from './pages/reference/showReference.tsx'
import { showDashboard } from './pages/showDashboard.tsx'
import { showUser } from './pages/showUser.tsx'
import { readOpenApi, readOpenApiOperation } from './openapi/readOpenApi.ts'
import { get, operatorGet, post, operatorPost, type Route } from './http/route.ts'
import { receiveWebhookOperation } from './ingest/operation.ts'
import { receiveWebhook } from './ingest/webhook.ts'
import { findUsers } from './api/users/findUsers.ts'
import { listLeaderboards } from './api/leaderboards/listLeaderboards.ts'
import { listMetrics } from './api/metrics/listMetrics.ts'
import { listUserContributions } from './api/users/listUserContributions.ts'
import { readHealth } from './api/operator/readHealth.ts'
import { readLeaderboard } from './api/leaderboards/readLeaderboard.ts'
import { readMetric } from './api/metrics/readMetric.ts'
import { readMetricHistory } from './api/metrics/readMetricHistory.ts'
import { readStatus } from './api/operator/readStatus.ts'
import { readUser } from './api/users/readUser.ts'
import { readUserBadge } from './api/users/readUserBadge.ts'
import { readUserCalendar } from './api/users/readUserCalendar.ts'
import { readUserCard } from './api/users/readUserCard.ts'
import { streamLog } from './api/operator/streamLog.ts'
import { findUsersOperation } from './api/users/operations/findUsers.ts'
import { listLeaderboardsOperation } from './api/leaderboards/operations/listLeaderboards.ts'
import { listMetricsOperation } from './api/metrics/operations/listMetrics.ts'
import { listUserContributionsOperation } from './api/users/operations/listUserContributions.ts'
import { readHealthOperation } from './api/operator/operations/readHealth.ts'
import { readLeaderboardOperation } from './api/leaderboards/operations/readLeaderboard.ts'
import { readMetricOperation } from './api/metrics/operations/readMetric.ts'
import { readMetricHistoryOperation } from './api/metrics/operations/readMetricHistory.ts'
import { readStatusOperation } from './api/operator/operations/readStatus.ts'
import { readUserOperation } from './api/users/operations/readUser.ts'
import { readUserBadgeOperation } from './api/users/operations/readUserBadge.ts'
import { readUserCalendarOperation } from './api/users/operations/readUserCalendar.ts'
import { readUserCardOperation } from './api/users/operations/readUserCard.ts'
import { streamLogOperation } from './api/operator/operations/streamLog.ts'

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
  operatorGet('/v1/log', streamLog, streamLogOperation),
  operatorPost('/v1/audit', takeAuditStep, takeAuditStepOperation),
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
