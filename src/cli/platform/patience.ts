import { setTimeout as pause } from 'node:timers/promises'
import { LogUnavailable } from '../../log/database.ts'
import { CommandFailure } from '../command.ts'

const attemptsMax = 12
const pauseMillisecondsMax = 5000

/**
 * Asks the log again for about half a minute when it cannot answer: a Worker beside us locks the local database
 * for moments, and nobody waits for a command's answer as they do for a webhook's. `ask` must allow it.
 */
export const patiently = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      if (error.cause instanceof CommandFailure) throw error.cause
      if (attempt === attemptsMax) {
        throw new CommandFailure(
          `The log cannot answer: ${String(error.cause)}. Nothing is half done: run the same command again`,
          { cause: error },
        )
      }
      await pause(Math.min(100 * 2 ** attempt, pauseMillisecondsMax) * (0.5 + Math.random() / 2))
    }
  }
}
