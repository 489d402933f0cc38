import { defaultLocaleOf } from '../configuration.ts'
import type { Rule } from '../definitions/definitions.ts'
import type { MeasureName, Selection } from '../contributions/selection.ts'
import type { Window } from '../contributions/instant.ts'
import { isFailure, type Result } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { checkRateLimit } from '../http/rateLimit.ts'
import { callObject, logScansOf } from '../projections/objects.ts'
import type { LogScans, Scanned } from '../projections/scans/LogScans.ts'
import { measureOf } from './measures.ts'

/** The query parameters that select events. */
export interface EventFilter {
  locale?: string | undefined
  product?: string | undefined
  group?: string | undefined
  at_least: number
}

/** The query parameters that select the measure. */
export interface MeasureQuery {
  measure: MeasureName
  time_zone: string
}

/**
 * The selection for a query: the events of a rule in a window, the filters and the measure. `position` pins the log's
 * position; undefined for its end.
 */
export const selectionOf = (
  { env, now, query }: Call<EventFilter & Partial<MeasureQuery>>,
  rule: Rule,
  window: Window,
  position?: number,
): Selection => {
  const { locale, product, group, measure = 'contributions', time_zone: timeZone = 'UTC' } = query
  return {
    rule,
    window,
    locale,
    product,
    group,
    position,
    defaultLocale: defaultLocaleOf(env),
    measure: measureOf(measure, timeZone, window, now),
  }
}

/**
 * Reads an answer from the log, through LogScans, which runs one scan at a time. Scans are expensive, so they count
 * against a rate limit of their own. Fails if too many scans are waiting.
 */
export const scanLog = async <Answer>(
  call: Call,
  scan: (scans: DurableObjectStub<LogScans>) => Promise<Result<Scanned<Answer>>>,
): Promise<Result<Scanned<Answer>>> => {
  const tooMany = await checkRateLimit('scans', call)
  if (isFailure(tooMany)) return tooMany
  return await call.timing.time(
    'object',
    callObject(() => logScansOf(call.env), scan),
  )
}
