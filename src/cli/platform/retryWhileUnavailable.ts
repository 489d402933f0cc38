import { backoff, retry, withJitter, LogUnavailable } from '../../failure.ts'
import { CommandFailure } from '../command.ts'

const attemptsMax = 12
const firstPauseMilliseconds = 200
const pauseMillisecondsMax = 5000

/** What prevented the last attempt. LogUnavailable has no cause if the message says all that is known. */
const describe = ({ message, cause }: LogUnavailable): string => {
  const reason = cause instanceof Error ? cause.message : cause
  return typeof reason === 'string' ? `The log is unavailable: ${reason}` : message
}

/**
 * Retries work on the log while the log is unavailable, for example because a Worker locks the local database. The
 * pauses add up to about half a minute; with a log that does not answer at all, each attempt takes up to 10 s more. The
 * work must be safe to repeat. Throws a CommandFailure with `advice` when the retries are exhausted.
 */
export const retryWhileUnavailable = async <Value>(
  work: () => Promise<Value>,
  advice = 'Run the same command again',
): Promise<Value> => {
  try {
    return await retry(work, {
      attempts: attemptsMax,
      isTransient: (error) => error instanceof LogUnavailable && !(error.cause instanceof CommandFailure),
      pauseAfter: (attempt) => withJitter(backoff(attempt, firstPauseMilliseconds, pauseMillisecondsMax)),
    })
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
    if (error.cause instanceof CommandFailure) throw error.cause
    throw new CommandFailure(`${describe(error)}. ${advice}`, { cause: error })
  }
}
