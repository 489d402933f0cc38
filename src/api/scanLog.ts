import type { Rule } from '../contributions/definitions.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Window } from '../contributions/window.ts'
import { isFailure, notCaughtUp, type Result } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { checkRateLimit } from '../http/rateLimit.ts'
import { callObject } from '../projections/callObject.ts'
import { logScansOf, type LogScans, type Scanned } from '../projections/scans/LogScans.ts'

/** The query parameters that select events. */
export interface EventFilter {
  locale?: string | undefined
  product?: string | undefined
  at_least: number
}

/** The events of a rule in a window that a query selects, at a position or (undefined) at the log's end. */
export const selectionOf = (
  { env, query: { locale, product } }: Call<EventFilter>,
  rule: Rule,
  window: Window,
  position?: number,
): Selection => ({ rule, window, locale, product, position, defaultLocale: env.DEFAULT_LOCALE })

/**
 * Reads an answer from the log itself, through the object that runs one scan at a time. A scan is expensive, so it counts
 * against a limit of its own; it fails when too many wait, or when the log does not reach `atLeast` yet.
 */
export const scanLog = async <Answer>(
  call: Call,
  atLeast: number,
  scan: (scans: DurableObjectStub<LogScans>) => Promise<Scanned<Answer>>,
): Promise<Result<{ answer: Answer; position: number }>> => {
  const tooMany = await checkRateLimit('scans', call)
  if (isFailure(tooMany)) return tooMany
  const scanned = await call.timing.time(
    'object',
    callObject(() => logScansOf(call.env.LOG_SCANS), scan),
  )
  if (scanned.status === 'unavailable' || scanned.position < atLeast)
    return notCaughtUp(scanned.position, atLeast)
  return { answer: scanned.answer, position: scanned.position }
}
