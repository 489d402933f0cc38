/** Exponential backoff: `first` milliseconds after the first attempt, then twice as long each time, at most `max`. */
export const backoff = (attempt: number, first: number, max = Number.POSITIVE_INFINITY): number =>
  Math.min(first * 2 ** (attempt - 1), max)

/** Shortens a pause at random, to half at most, so that callers who failed together do not retry together. */
export const withJitter = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

const sleep = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** When to try again, and how long to wait before that. */
export interface RetryPolicy {
  /** The first attempt included. */
  attempts: number
  isTransient: (error: unknown) => boolean
  /** Milliseconds to wait after a failed attempt, of which the first has number 1. */
  pauseAfter: (attempt: number, error: unknown) => number
  /** Waits. A rejection ends the retries and reaches the caller. */
  pause?: (milliseconds: number) => Promise<unknown>
}

/** Calls `work` until it succeeds. Throws its error when that is not transient or no attempt is left. */
export const retry = async <Value>(
  work: () => Promise<Value>,
  { attempts, isTransient, pauseAfter, pause = sleep }: RetryPolicy,
): Promise<Value> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error
      await pause(pauseAfter(attempt, error))
    }
  }
}
