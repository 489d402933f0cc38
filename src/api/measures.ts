import * as z from 'zod/mini'
import { dayMilliseconds, firstOccurredAt, type Instant, type Window } from '../contributions/instant.ts'
import { measures, type Measure, type MeasureName } from '../contributions/selection.ts'
import { documented } from '../http/documented.ts'
import { dayAt, startOfDay, stretchDays, stretchesOf } from './days.ts'

export const measureParameter = z
  .prefault(z.enum(measures, { error: `use one of ${measures.join(', ')}` }), 'contributions')
  .register(documented, {
    description:
      'What to count for each user: `contributions`; `parents`, the distinct parents of contributions that have one; or `days`, the distinct calendar days in `time_zone` with a contribution',
  })

/**
 * The part of a window that can contain contributions: until the end of tomorrow (UTC), because a fast clock may have
 * recorded some. May be empty. The end is that of a day, so that requests at different instants share a scan.
 */
export const countedWindow = ({ from, to }: Window, now: Instant): Window => ({
  from: Math.max(from, firstOccurredAt),
  to: Math.min(to, startOfDay(dayAt(now, 'UTC') + 2, 'UTC')),
})

const daysOf = ({ from, to }: Window, timeZone: string): Measure => {
  if (from >= to) return { of: 'days', stretches: [] }
  const stretches = stretchesOf(dayAt(from, timeZone), dayAt(to - 1, timeZone) + 1, timeZone)
  // The window may begin or end within a day.
  const cut = stretches.map(({ window, pieces }) => ({
    window: { from: Math.max(from, window.from), to: Math.min(to, window.to) },
    pieces,
  }))
  return { of: 'days', stretches: cut }
}

/** The measure that a query selects, for a window. */
export const measureOf = (measure: MeasureName, timeZone: string, window: Window, now: Instant): Measure => {
  if (measure === 'contributions') return { of: 'contributions' }
  const counted = countedWindow(window, now)
  return measure === 'days'
    ? daysOf(counted, timeZone)
    : { of: 'parents', isLong: counted.to - counted.from > stretchDays * dayMilliseconds }
}
