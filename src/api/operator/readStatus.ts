import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { reportUnexpected } from '../../http/reportUnexpected.ts'
import { notCaughtUp } from '../../http/problem.ts'
import type { HandlerOf } from '../../http/route.ts'
import { readCoverage } from '../../log/coverage.ts'
import { runBatch, readPosition } from '../../log/database.ts'
import { auditorOf } from '../../audit/Auditor.ts'
import { callObject } from '../../projections/callObject.ts'
import { readStatusOperation } from './operations/readStatus.ts'

const formatOptional = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)

/** `GET /v1/status`: the log in numbers, and how far back it reaches. Scans nothing. */
export const readStatus: HandlerOf<typeof readStatusOperation> = async ({ env, now, timing }) => {
  const auditing = callObject(
    () => auditorOf(env.AUDITOR),
    async (auditor) => await auditor.result(),
  ).catch((error: unknown) => {
    // Without it the rest is true all the same.
    reportUnexpected(error)
    return null
  })
  const [position, coverage] = await timing.time(
    'log',
    runBatch(env.DB, readPosition(env.DB), readCoverage(env.DB)),
  )
  const summary = await timing.time(
    'object',
    callObject(
      () => env.LOG_SUMMARY.getByName('log'),
      async (object) => object.totals({ now, atLeast: position }),
    ),
  )
  const audit = await timing.time('object', auditing)
  if (summary.status === 'unavailable') return notCaughtUp(summary.position, position)
  const covered = Object.entries(coverage).map(([type, { complete, since }]) => [
    type,
    { complete, since: formatOptional(since) },
  ])
  return {
    body: {
      as_of: formatInstant(now),
      position: summary.position,
      events: summary.position,
      contributions: summary.totals.contributions,
      first_event_at: formatOptional(summary.totals.firstEventAt),
      last_event_at: formatOptional(summary.totals.lastEventAt),
      coverage: Object.fromEntries(covered),
      audit: audit && {
        checked_at: formatInstant(audit.checkedAt),
        users: audit.users,
        boards: audit.boards,
        drift: audit.drift,
        last_drift_at: formatOptional(audit.lastDriftAt),
      },
    },
    freshness: 'never',
  }
}
