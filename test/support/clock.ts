import { vi } from 'vitest'

/** The instant at which tests with a fixed clock take place. */
export const noon = Date.parse('2026-11-20T12:00:00.000Z')

/**
 * Holds the timers of Worker and objects: one goes off only when the returned function was called with as many
 * milliseconds as it was set for, and then at once. Lasts until vi.restoreAllMocks().
 */
export const holdTimers = (): ((milliseconds: number) => void) => {
  let passed = 0
  // oxlint-disable-next-line typescript/unbound-method -- no method: vitest's type says so
  const { setInterval, clearInterval } = globalThis
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, milliseconds = 0) => {
    // Each in the context that set it: objects share no timers.
    const timer = setInterval(() => {
      if (milliseconds > passed) return
      clearInterval(timer)
      run()
    }, 2)
    return timer
  })
  return (milliseconds) => {
    passed = milliseconds
  }
}

/** Sets the clock of test, Worker and objects alike (they share an isolate); only dates, no timers. */
export const setClock = (instant: number): void => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(instant)
}
