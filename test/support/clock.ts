import { vi } from 'vitest'

/** The instant at which tests with a fixed clock take place. */
export const noon = Date.parse('2026-11-20T12:00:00.000Z')

/** Sets the clock of test, Worker and objects alike (they share an isolate); only dates, no timers. */
export const setClock = (instant: number): void => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(instant)
}
