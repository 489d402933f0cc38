import type { Result } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { callObject, logSummaryOf } from '../projections/objects.ts'
import type { Summary } from '../projections/summary/LogSummary.ts'

/** The log's totals at position `atLeast` or later, from LogSummary. Needs no scan, and works while D1 is down. */
export const readSummary = async (
  { env, now, timing }: Pick<Call, 'env' | 'now' | 'timing'>,
  atLeast = 0,
): Promise<Result<Summary>> =>
  await timing.time(
    'object',
    callObject(
      () => logSummaryOf(env),
      async (object): Promise<Result<Summary>> => object.totals({ now, atLeast }),
    ),
  )
