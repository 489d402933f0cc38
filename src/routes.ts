import { takeAuditStep, takeAuditStepQuery } from './audit/takeAuditStep.ts'
import { get, getList, getPrivately, post, postPrivately, type Route } from './http/router.ts'
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
import { readUserCalendar, readUserCalendarQuery } from './stats/readUserCalendar.ts'
import { streamLog, streamLogQuery } from './stats/streamLog.ts'

/** The API's table of contents. */
export const routes: readonly Route[] = [
  post('/v1/webhooks', receiveWebhook),
  get('/v1/users', findUsers, findUsersQuery),
  get('/v1/users/:id', readUser, readUserQuery),
  getList('/v1/users/:id/contributions', listUserContributions, listUserContributionsQuery),
  getList('/v1/users/:id/calendar', readUserCalendar, readUserCalendarQuery),
  get('/v1/leaderboards', listLeaderboards, noParameters),
  getList('/v1/leaderboards/:board', readLeaderboard, readLeaderboardQuery),
  get('/v1/metrics', listMetrics, noParameters),
  get('/v1/metrics/:metric', readMetric, readMetricQuery),
  getList('/v1/metrics/:metric/history', readMetricHistory, readMetricHistoryQuery),
  get('/v1/status', readStatus, noParameters),
  get('/healthz', readHealth, noParameters),
  getPrivately('/v1/log', streamLog, streamLogQuery),
  postPrivately('/v1/audit', takeAuditStep, takeAuditStepQuery),
]
