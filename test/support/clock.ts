import { vi } from 'vitest'

/** The present of tests with a fixed clock. */
export const noon = Date.parse('2026-11-20T12:00:00.000Z')

/**
 * Stops the timers of the Worker and its objects. Calling the returned function with a number of milliseconds fires every
 * timer set for at most that long. Lasts until vi.restoreAllMocks().
 */
export const holdTimers = (): ((milliseconds: number) => void) => {
  let passed = 0
  // oxlint-disable-next-line typescript/unbound-method -- no method: vitest's type says so
  const { setInterval, clearInterval } = globalThis
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, milliseconds = 0) => {
    // Objects cannot share timers, so each one polls in the context that set it.
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

/** Sets the clock of the test, the Worker and its objects, which share an isolate. Affects dates, not timers. */
export const setClock = (instant: number): void => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(instant)
}
