import { takeAuditStep } from './audit/takeAuditStep.ts'
import { takeAuditStepOperation } from './audit/takeAuditStepOperation.ts'
import { page } from './dashboard/page.tsx'
import { showProblem, showProblems } from './dashboard/problems/showProblems.tsx'
import { showReference } from './dashboard/reference/showReference.tsx'
import { showDashboard } from './dashboard/showDashboard.tsx'
import { showUser } from './dashboard/showUser.tsx'
import { readOpenApi, readOpenApiOperation } from './http/openapi/readOpenApi.ts'
import { get, getPrivately, post, postPrivately, type Route } from './http/route.ts'
import { receiveWebhookOperation } from './ingest/operation.ts'
import { receiveWebhook } from './ingest/webhook.ts'
import { findUsers } from './stats/findUsers.ts'
import { listLeaderboards } from './stats/listLeaderboards.ts'
import { listMetrics } from './stats/listMetrics.ts'
import { listUserContributions } from './stats/listUserContributions.ts'
import { readHealth } from './stats/readHealth.ts'
import { readLeaderboard } from './stats/readLeaderboard.ts'
import { readMetric } from './stats/readMetric.ts'
import { readMetricHistory } from './stats/readMetricHistory.ts'
import { readStatus } from './stats/readStatus.ts'
import { readUser } from './stats/readUser.ts'
import { readUserBadge } from './stats/readUserBadge.ts'
import { readUserCalendar } from './stats/readUserCalendar.ts'
import { readUserCard } from './stats/readUserCard.ts'
import { streamLog } from './stats/streamLog.ts'
import { findUsersOperation } from './stats/operations/findUsers.ts'
import { listLeaderboardsOperation } from './stats/operations/listLeaderboards.ts'
import { listMetricsOperation } from './stats/operations/listMetrics.ts'
import { listUserContributionsOperation } from './stats/operations/listUserContributions.ts'
import { readHealthOperation } from './stats/operations/readHealth.ts'
import { readLeaderboardOperation } from './stats/operations/readLeaderboard.ts'
import { readMetricOperation } from './stats/operations/readMetric.ts'
import { readMetricHistoryOperation } from './stats/operations/readMetricHistory.ts'
import { readStatusOperation } from './stats/operations/readStatus.ts'
import { readUserOperation } from './stats/operations/readUser.ts'
import { readUserBadgeOperation } from './stats/operations/readUserBadge.ts'
import { readUserCalendarOperation } from './stats/operations/readUserCalendar.ts'
import { readUserCardOperation } from './stats/operations/readUserCard.ts'
import { streamLogOperation } from './stats/operations/streamLog.ts'

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
  page('/', showDashboard),
  page('/users/:id', showUser),
  page(
    '/docs',
    showReference(() => routes),
  ),
  page('/problems', showProblems),
  page('/problems/:name', showProblem),
]
