import * as z from 'zod/mini'
import {
  formatDay,
  parseDay,
  type DayNumber,
  parsePeriod,
  periodPattern,
  type Period,
} from '../contributions/calendar.ts'
import {
  afterAllEvents,
  beforeAllEvents,
  formatInstant,
  parseInstant,
  parseWindowLength,
  windowPattern,
  type Instant,
  type Span,
  type Window,
  type WindowLength,
} from '../contributions/instant.ts'
import { invalidParameter, isFailure, type Result } from '../failure.ts'
import { documented, type Documentation } from '../http/documented.ts'
import { startOfDay, timeZoneParameter } from './days.ts'
import type { Moment } from './moment.ts'

/** A bound of a period: an instant, or the first instant of a day. */
export type PeriodEnd = { instant: Instant } | { day: DayNumber }

const parseEnd = (text: string): PeriodEnd | undefined => {
  const day = parseDay(text)
  if (day !== undefined) return { day }
  const instant = parseInstant(text)
  return instant === undefined ? undefined : { instant }
}

const endParameter = (description: string) =>
  z
    .optional(
      z.pipe(
        z.string().check(
          z.refine((text) => parseEnd(text) !== undefined, {
            error: 'use a day like 2026-03-01 or an RFC 3339 instant like 2026-03-01T00:00:00Z',
          }),
        ),
        z.transform((text) => parseEnd(text) ?? { day: 0 }),
      ),
    )
    .register(documented, { description })

/** The parameters that select a period. */
export const periodParameters = {
  from: endParameter(
    'Only contributions at or after this instant: RFC 3339 with an offset, or a day, which stands for its first instant in `time_zone`',
  ),
  to: endParameter(
    'Only contributions before this instant, which may be in the future; a day stands for its first instant',
  ),
  period: z
    .optional(
      z.pipe(
        z.string().check(
          z.refine((text) => parsePeriod(text) !== undefined, {
            error: 'use a year, quarter, month or ISO week like 2026, 2026-Q3, 2026-11 or 2026-W47',
          }),
        ),
        z.transform((text) => parsePeriod(text)),
      ),
    )
    .register(documented, {
      pattern: periodPattern,
      description:
        'A calendar year, quarter, month or ISO week in `time_zone`, like `2026`, `2026-Q3`, `2026-11` or `2026-W47`. Cannot be combined with `from` or `to`',
    }),
  time_zone: timeZoneParameter,
}

/** `30d` or `all`. */
const windowParameter = z
  .pipe(
    z
      .string()
      .check(
        z.refine((text) => parseWindowLength(text) !== undefined, { error: 'use "1d" to "3660d", or "all"' }),
      ),
    z.transform((text) => parseWindowLength(text) ?? null),
  )
  .register(documented, {
    pattern: windowPattern,
    description:
      '`1d` to `3660d`: that many days of 86,400 s up to `as_of`; without `as_of`, everything since that many days ago; or `all`',
  })

/** The parameters that select a window or a period. `documentation` describes the window, at least its default. */
export const spanParameters = (documentation: Pick<Documentation, 'default' | 'description'>) => ({
  window: z.optional(windowParameter).register(documented, documentation),
  ...periodParameters,
})

/** The parsed parameters of a period. */
export interface PeriodQuery {
  from?: PeriodEnd | undefined
  to?: PeriodEnd | undefined
  period?: Period | undefined
  time_zone: string
}

/** Formats a bound as a caller may write it. */
export const formatEnd = (end: PeriodEnd): string =>
  'day' in end ? formatDay(end.day) : formatInstant(end.instant)

/** The instant of a bound. */
const instantOf = (end: PeriodEnd, timeZone: string): Instant =>
  'day' in end ? startOfDay(end.day, timeZone) : end.instant

const isInOrder = (from: PeriodEnd, to: PeriodEnd, timeZone: string): boolean => {
  // Compares days as such: a day that the zone skipped is empty, but still a valid range.
  if ('day' in from && 'day' in to) return from.day < to.day
  return instantOf(from, timeZone) < instantOf(to, timeZone)
}

/** The period that a query selects, by name or by bounds; undefined if it selects none. */
export const periodOf = ({
  from,
  to,
  period,
  time_zone: timeZone,
}: PeriodQuery): Result<Window | undefined> => {
  if (period !== undefined) {
    if (from !== undefined || to !== undefined)
      return invalidParameter('period', 'Cannot use period together with from or to: leave one of them out')
    return { from: startOfDay(period.from, timeZone), to: startOfDay(period.to, timeZone) }
  }
  if (from === undefined && to === undefined) return undefined
  if (from !== undefined && to !== undefined && !isInOrder(from, to, timeZone))
    return invalidParameter(
      'from',
      `Cannot use a period from ${formatEnd(from)} to ${formatEnd(to)}: use a "from" before "to"`,
    )
  return {
    from: from === undefined ? beforeAllEvents : instantOf(from, timeZone),
    to: to === undefined ? afterAllEvents : instantOf(to, timeZone),
  }
}

/**
 * The range that a query selects: its period, or `from` and `to`. `to` defaults to `current.end`, and `from` to
 * `startBefore(to)`. If only `from` is given and is after `current.end`, the range is empty with `as_of`, and fails
 * without it.
 */
export const rangeOf = (
  query: PeriodQuery,
  { live }: Pick<Moment, 'live'>,
  current: { name: string; end: Instant },
  startBefore: (end: Instant) => Instant,
): Result<Window> => {
  const period = periodOf(query)
  if (isFailure(period)) return period
  if (query.period && period) return period
  const { from, to, time_zone: timeZone } = query
  const end = to ? instantOf(to, timeZone) : current.end
  const start = from ? instantOf(from, timeZone) : startBefore(end)
  return start < end || to || !live
    ? { from: start, to: Math.max(start, end) }
    : invalidParameter(
        'from',
        `Cannot begin after the end of ${current.name}: use an earlier "from", or add "to"`,
      )
}

/** The window or period that a query selects; by default, the window of the default length. */
export const spanOf = (
  query: PeriodQuery & { window?: WindowLength | undefined },
  defaultLength: WindowLength,
): Result<Span> => {
  const period = periodOf(query)
  if (isFailure(period)) return period
  if (period === undefined) return { length: query.window === undefined ? defaultLength : query.window }
  return query.window === undefined
    ? { period }
    : invalidParameter('window', 'Cannot use window together with a period: leave one of them out')
}
