import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import { formatDay, nextInterval, parseDay } from '../../contributions/calendar.ts'
import { dayIn } from '../formatters.ts'
import type { StatusAnswer } from './answers.ts'
import type { ApiQuery } from './fetchApi.ts'
import { useQuery } from './useQuery.ts'

/**
 * Where the log begins. Nothing is known about the time before, so pages do not compare with it, and mark an interval that
 * the beginning cuts.
 */
export interface LogStart {
  /** The date of the earliest contribution. */
  first: string
  /** The first date that the log holds from its first instant on. */
  whole: string
}

/** The part of the status that says where the log begins. */
export type LogBounds = Pick<StatusAnswer, 'first_event_at'>

/** Loads where the log begins. */
export const logBounds: ApiQuery<LogBounds> = {
  key: '/v1/status',
  load: async (fetchApi) => {
    const status = await fetchApi<StatusAnswer>('/v1/status')
    return status.ok ? { ok: true, body: { first_event_at: status.body.first_event_at } } : status
  },
}

/** Where the log begins, in days of a time zone; undefined for an empty log, and while it is unknown. */
export const logStartIn = (bounds: LogBounds | undefined, timeZone: string): LogStart | undefined => {
  const first = bounds?.first_event_at ?? undefined
  if (first === undefined) return undefined
  // The day before, if the earliest contribution is at the first instant of its day.
  const cut = dayIn(new Date(Date.parse(first) - 1).toISOString(), timeZone)
  return { first: dayIn(first, timeZone), whole: formatDay(nextInterval(parseDay(cut) ?? 0, 'day')) }
}

/** Whether the log has all of a window of this many days that ends with a date's midnight. */
export const coversWindow = ({ whole }: LogStart, date: string, days: number): boolean =>
  formatDay((parseDay(date) ?? 0) - days) >= whole

/** A backfill can move the beginning. */
const refreshSeconds = 600

/** Loads where the log begins, in a page's time zone. */
export const useLogBounds = (timeZone: string, initial?: LogBounds): LogStart | undefined => {
  const { body } = useQuery(logBounds, initial, refreshSeconds)
  return useMemo(() => logStartIn(body, timeZone), [body?.first_event_at, timeZone])
}

const Start = createContext<LogStart | undefined>(undefined)

/** Says where the log begins, to all parts of a page. */
export const ProvideLogStart = Start.Provider

/** Where the log begins, in days of the page's time zone; undefined for an empty log, and while it is unknown. */
export const useLogStart = (): LogStart | undefined => useContext(Start)
