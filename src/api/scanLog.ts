import { notCaughtUp, type Problem } from '../http/problem.ts'
import { checkRateLimit } from '../http/rateLimit.ts'
import type { Call } from '../http/route.ts'
import { logScansOf, type LogScans, type Scanned } from '../projections/scans/LogScans.ts'
import { callObject } from '../projections/callObject.ts'

/**
 * Asks the one object that scans the log, as something that is dear: it counts against the caller's limit, and is
 * refused when too many wait or when the log has not come as far as `atLeast`.
 */
export const scanLog = async <Answer>(
  call: Call,
  atLeast: number,
  question: (scans: DurableObjectStub<LogScans>) => Promise<Scanned<Answer>>,
): Promise<{ answer: Answer; position: number } | Problem> => {
  const tooMany = await checkRateLimit('scans', call)
  if (tooMany) return tooMany
  const { env, timing } = call
  const scanned = await timing.time(
    'object',
    callObject(() => logScansOf(env.LOG_SCANS), question),
  )
  if (scanned.status === 'unavailable' || scanned.position < atLeast)
    return notCaughtUp(scanned.position, atLeast)
  return { answer: scanned.answer, position: scanned.position }
}
