import { page } from './dashboard/page.tsx'
import { showDashboard } from './dashboard/showDashboard.tsx'
import { showUser } from './dashboard/showUser.tsx'
import { get, getList, getPrivately, post, type Route } from './http/router.ts'
import { receiveWebhook } from './ingest/webhook.ts'
import { findUsers, findUsersQuery } from './stats/findUsers.ts'
import { listLeaderboards } from './stats/listLeaderboards.ts'
import { listMetrics } from './stats/listMetrics.ts'
import { listUserContributions, listUserContributionsQuery } from './stats/listUserContributions.ts'
import { noParameters } from './stats/parameters.ts'
import { readHealth } from './stats/readHealth.ts'
import { readLeaderboard, readLeaderboardQuery } from './stats/readLeaderboard.ts'
import { readMetric, readMetricQuery } from './stats/readMetric.ts'
import { readMetricHistory, readMetricHistoryQuery } from './stats/readMetricHistory.ts'
import { readStatus } from './stats/readStatus.ts'
import { readUser, readUserQuery } from './stats/readUser.ts'
import { readUserBadge, readUserBadgeQuery } from './stats/readUserBadge.ts'
import { readUserCalendar, readUserCalendarQuery } from './stats/readUserCalendar.ts'
import { readUserCard, readUserCardQuery } from './stats/readUserCard.ts'
import { streamLog, streamLogQuery } from './stats/streamLog.ts'

/** The site's table of contents: the API, then the pages. */
export const routes: readonly Route[] = [
  post('/v1/webhooks', receiveWebhook),
  get('/v1/users', findUsers, findUsersQuery),
  get('/v1/users/:id', readUser, readUserQuery),
  getList('/v1/users/:id/contributions', listUserContributions, listUserContributionsQuery),
  getList('/v1/users/:id/calendar', readUserCalendar, readUserCalendarQuery),
  get('/v1/users/:id/card.svg', readUserCard, readUserCardQuery),
  get('/v1/users/:id/badge.json', readUserBadge, readUserBadgeQuery),
  get('/v1/leaderboards', listLeaderboards, noParameters),
  getList('/v1/leaderboards/:board', readLeaderboard, readLeaderboardQuery),
  get('/v1/metrics', listMetrics, noParameters),
  get('/v1/metrics/:metric', readMetric, readMetricQuery),
  getList('/v1/metrics/:metric/history', readMetricHistory, readMetricHistoryQuery),
  get('/v1/status', readStatus, noParameters),
  get('/healthz', readHealth, noParameters),
  getPrivately('/v1/log', streamLog, streamLogQuery),
  page('/', showDashboard),
  page('/users/:id', showUser),
]
