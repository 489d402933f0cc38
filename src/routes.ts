import { readCohorts } from './api/community/readCohorts.ts'
import { readCommunity } from './api/community/readCommunity.ts'
import { readResponses } from './api/community/readResponses.ts'
import { listDeliveries } from './api/operator/listDeliveries.ts'
import { readDefinitions } from './api/definitions/readDefinitions.ts'
import { listLeaderboards } from './api/leaderboards/listLeaderboards.ts'
import { readLeaderboard } from './api/leaderboards/readLeaderboard.ts'
import { listMetrics } from './api/metrics/listMetrics.ts'
import { listMetricUsers } from './api/metrics/listMetricUsers.ts'
import { readMetric } from './api/metrics/readMetric.ts'
import { readMetricHistory } from './api/metrics/readMetricHistory.ts'
import { readHealth } from './api/operator/readHealth.ts'
import { readOpenApi } from './api/operator/readOpenApi.ts'
import { readStatus } from './api/operator/readStatus.ts'
import { streamLog } from './api/operator/streamLog.ts'
import { takeAuditStep } from './api/operator/takeAuditStep.ts'
import { findUsers } from './api/users/findUsers.ts'
import { listUserContributions } from './api/users/listUserContributions.ts'
import { readUser } from './api/users/readUser.ts'
import { readUserBadge } from './api/users/readUserBadge.ts'
import { readUserCalendar } from './api/users/readUserCalendar.ts'
import { readUserCard } from './api/users/readUserCard.ts'
import { readVolume } from './api/volume/readVolume.ts'
import type { Route } from './http/endpoint.ts'
import { get, operatorGet, operatorPost, post } from './http/route.ts'
import { receiveWebhook } from './ingest/receiveWebhook.ts'
import { communityParameters } from './pages/community/communityState.ts'
import { showCommunity } from './pages/community/showCommunity.tsx'
import { dashboardParameters } from './pages/dashboard/dashboardState.ts'
import { page } from './pages/page.tsx'
import { profileParameters } from './pages/profile/profileState.ts'
import { showGuide, showProblem, showProblems, showReference } from './pages/reference.tsx'
import { showStatus } from './pages/status/showStatus.tsx'
import { showDashboard } from './pages/dashboard/showDashboard.tsx'
import { showUser } from './pages/profile/showUser.tsx'

/** The site's table of contents: the API, then the pages. */
export const routes: readonly Route[] = [
  post('/v1/webhooks', receiveWebhook),
  get('/v1/users', findUsers),
  get('/v1/users/:id', readUser),
  get('/v1/users/:id/contributions', listUserContributions),
  get('/v1/users/:id/calendar', readUserCalendar),
  get('/v1/users/:id/card.svg', readUserCard),
  get('/v1/users/:id/badge.json', readUserBadge),
  get('/v1/leaderboards', listLeaderboards),
  get('/v1/leaderboards/:board', readLeaderboard),
  get('/v1/metrics', listMetrics),
  get('/v1/metrics/:metric', readMetric),
  get('/v1/metrics/:metric/history', readMetricHistory),
  get('/v1/metrics/:metric/users', listMetricUsers),
  get('/v1/volume', readVolume),
  get('/v1/community', readCommunity),
  get('/v1/community/cohorts', readCohorts),
  get('/v1/responses', readResponses),
  get('/v1/definitions', readDefinitions),
  get('/v1/status', readStatus),
  get('/healthz', readHealth),
  operatorGet('/v1/deliveries', listDeliveries),
  operatorGet('/v1/log', streamLog),
  operatorPost('/v1/audit', takeAuditStep),
  get('/openapi.json', readOpenApi),
  page('/', showDashboard, dashboardParameters),
  page('/community', showCommunity, communityParameters),
  page('/users/:id', showUser, profileParameters),
  page('/status', showStatus),
  page('/docs', showReference),
  page('/docs/:guide', showGuide),
  page('/problems', showProblems),
  page('/problems/:name', showProblem),
]
