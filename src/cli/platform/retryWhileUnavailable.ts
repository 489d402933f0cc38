import { backoff, retry, withJitter, LogUnavailable } from '../../failure.ts'
import { CommandFailure } from '../command.ts'

const attemptsMax = 12
const firstPauseMilliseconds = 200
const pauseMillisecondsMax = 5000

/**
 * Retries work on the log for about half a minute while the log is unavailable, for example because a Worker locks the
 * local database. The work must be safe to repeat. Throws a CommandFailure when the retries are exhausted.
 */
export const retryWhileUnavailable = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await retry(work, {
      attempts: attemptsMax,
      isTransient: (error) => error instanceof LogUnavailable && !(error.cause instanceof CommandFailure),
      pauseAfter: (attempt) => withJitter(backoff(attempt, firstPauseMilliseconds, pauseMillisecondsMax)),
    })
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
    if (error.cause instanceof CommandFailure) throw error.cause
    throw new CommandFailure(
      `The log is unavailable: ${String(error.cause)}. No batch was written in part: run the same command again`,
      { cause: error },
    )
  }
}
