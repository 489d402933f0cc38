import * as z from 'zod/mini'
import type { AuditResult } from '../../audit/AuditRecord.ts'
import { forEachType, type ContributionType } from '../../definitions/definitions.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { isFailure } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { reportUnexpected } from '../../http/problem.ts'
import { readCoverage, type Coverage } from '../../log/coverage.ts'
import { readPosition, runBatch } from '../../log/database.ts'
import { aboutLog } from '../../memory/AnswerMemory.ts'
import { auditorOf, callObject } from '../../projections/objects.ts'
import type { Summary } from '../../projections/summary/LogSummary.ts'
import { formatNullable } from '../moment.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'
import { readSummary } from '../readSummary.ts'

const coverageSchema = z
  .strictObject({
    complete: z
      .boolean()
      .register(documented, { description: 'Whether the history of the type has been declared complete' }),
    since: z.nullable(shape.instant).register(documented, {
      description:
        'The earlier of the declared `since` and the first webhook that recorded this type; null if the type is complete, or there is neither',
    }),
  })
  .register(documented, { id: 'Coverage', description: 'How far back the history of a type reaches' })

const lastAudit = z
  .strictObject({
    checked_at: described(shape.instant, 'When the audit last compared anything'),
    users: shape.counted('How many users were compared'),
    boards: shape.counted('How many boards and metrics were compared; a board counts once for each window'),
    drift: shape.counted(
      'How many projections differed from the log and were rebuilt, including those of an audit in progress',
    ),
    last_drift_at: z
      .nullable(shape.instant)
      .register(documented, { description: 'When any audit last found a difference' }),
  })
  .register(documented, {
    id: 'Audit',
    description: 'What the last audit compared with the log, and what differed',
  })

const answer = z
  .strictObject({
    ...shape.moment,
    events: shape.counted('Rows of the log'),
    contributions: shape.counted('Contributions that stand'),
    first_event_at: z
      .nullable(shape.instant)
      .register(documented, { description: 'The earliest `occurred_at` of all rows' }),
    last_event_at: z
      .nullable(shape.instant)
      .register(documented, { description: 'The latest `occurred_at` of all rows' }),
    coverage: z
      .strictObject(forEachType(() => coverageSchema))
      .register(documented, { description: 'By type, how far back its history reaches' }),
    audit: z
      .nullable(lastAudit)
      .register(documented, { description: 'null before the first audit, or if the audits cannot be read' }),
  })
  .register(documented, {
    id: 'Status',
    description: 'What the log holds, and the outcome of the last audit',
  })

/** The last audit; null before the first, and if the auditor fails, so that the rest of the status is still shown. */
const readLastAudit = async (env: Env): Promise<AuditResult | null> => {
  try {
    return await callObject(
      () => auditorOf(env),
      async (auditor): Promise<AuditResult | null> => auditor.result(),
    )
  } catch (error) {
    reportUnexpected(error)
    return null
  }
}

const toAudit = ({ checkedAt, users, boards, drift, lastDriftAt }: AuditResult) => ({
  checked_at: formatInstant(checkedAt),
  users,
  boards,
  drift,
  last_drift_at: formatNullable(lastDriftAt),
})

const toCoverage = (coverage: Record<ContributionType, Coverage>): z.infer<typeof answer>['coverage'] => {
  const covered = Object.entries(coverage).map(([type, { complete, since }]) => [
    type,
    { complete, since: formatNullable(since) },
  ])
  return Object.fromEntries(covered)
}

const toTotals = ({ position, totals }: Summary) => ({
  position,
  events: position,
  contributions: totals.contributions,
  first_event_at: formatNullable(totals.firstEventAt),
  last_event_at: formatNullable(totals.lastEventAt),
})

/** `GET /v1/status`. Needs no scan, because LogSummary keeps running totals. */
export const readStatus = endpoint({
  id: 'readStatus',
  tag: 'Operating',
  summary: 'Get the log’s size and coverage',
  description: 'How much the log holds, and how far back it reaches for each type of contribution.',
  query: noParameters,
  answer,
  cached: false,
  examples: { Now: {} },
  async handle({ env, now, timing }) {
    const auditing = readLastAudit(env)
    const [position, coverage] = await timing.time(
      'log',
      runBatch(env.DB, readPosition(env.DB), readCoverage(env.DB)),
    )
    const summary = await readSummary({ env, now, timing }, position)
    const audit = await timing.time('object', auditing)
    if (isFailure(summary)) return summary
    const rest = { coverage: toCoverage(coverage), audit: audit && toAudit(audit) }
    const body = { as_of: formatInstant(now), ...toTotals(summary), ...rest }
    return { body, freshness: 'never', holds: aboutLog(now) }
  },
})
