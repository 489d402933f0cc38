import { describe, expect, it } from 'vitest'
import { coversWindow, logStartIn } from '../../src/pages/api/logStart.ts'

describe('logStartIn', () => {
  const startOf = (first_event_at: string | null, timeZone = 'UTC') =>
    logStartIn({ first_event_at }, timeZone)

  it('the day of the earliest contribution is whole only if that is at its first instant', () => {
    expect(startOf('2026-02-10T00:00:00.000Z')).toEqual({ first: '2026-02-10', whole: '2026-02-10' })
    expect(startOf('2026-02-10T00:00:00.001Z')).toEqual({ first: '2026-02-10', whole: '2026-02-11' })
    expect(startOf('2026-02-28T23:59:59.999Z')).toEqual({ first: '2026-02-28', whole: '2026-03-01' })
  })

  it('days are those of the time zone', () => {
    expect(startOf('2026-02-09T23:00:00.000Z', 'Europe/Berlin')).toEqual({
      first: '2026-02-10',
      whole: '2026-02-10',
    })
    expect(startOf('2026-02-10T00:00:00.000Z', 'America/New_York')).toEqual({
      first: '2026-02-09',
      whole: '2026-02-10',
    })
  })

  it('the log covers a window that begins with its first whole day, not one that begins a day earlier', () => {
    const start = { first: '2026-02-09', whole: '2026-02-10' }
    expect([28, 29].map((days) => coversWindow(start, '2026-03-10', days))).toEqual([true, false])
  })

  it('an empty log has no beginning, nor has one that is not loaded', () => {
    expect(startOf(null)).toBeUndefined()
    expect(logStartIn(undefined, 'UTC')).toBeUndefined()
  })
})
