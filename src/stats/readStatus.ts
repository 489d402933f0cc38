import { formatInstant, type Instant } from '../contributions/instant.ts'
import type { Answer } from '../http/answer.ts'
import type { Call } from '../http/router.ts'
import { readCoverage } from '../log/coverage.ts'
import { ask, readPosition } from '../log/database.ts'
import { readTotals } from '../log/status.ts'

const formatOptional = (instant: Instant | null): string | null =>
  instant === null ? null : formatInstant(instant)

/** `GET /v1/status`: the log in numbers, and how far back it reaches. */
export const readStatus = async ({ env, now }: Call): Promise<Answer> => {
  const [position, totals, coverage] = await ask(
    env.DB,
    readPosition(env.DB),
    readTotals(env.DB),
    readCoverage(env.DB),
  )
  const covered = Object.entries(coverage).map(([type, { complete, since }]) => [
    type,
    { complete, since: formatOptional(since) },
  ])
  return {
    body: {
      as_of: formatInstant(now),
      position,
      events: totals.events,
      contributions: totals.contributions,
      first_event_at: formatOptional(totals.firstEventAt),
      last_event_at: formatOptional(totals.lastEventAt),
      coverage: Object.fromEntries(covered),
    },
    freshness: 'never',
  }
}
