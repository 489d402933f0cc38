import { LogUnavailable } from '../log/database.ts'
import type { UserCounter } from './UserCounter.ts'

const attemptsMax = 3

/** How the platform marks an exception of its own (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
const marked = (error: unknown, mark: 'retryable' | 'overloaded'): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/**
 * Asks a user's counter. What the platform calls retryable is asked again through a new stub; an object that is
 * overloaded is left alone. Throws LogUnavailable when it cannot answer.
 */
export const askCounter = async <Answer>(
  counters: DurableObjectNamespace<UserCounter>,
  userId: number,
  question: (counter: DurableObjectStub<UserCounter>) => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question(counters.getByName(String(userId)))
    } catch (error) {
      const again = marked(error, 'retryable') && !marked(error, 'overloaded')
      if (again && attempt < attemptsMax) continue
      if (again || marked(error, 'overloaded')) {
        throw new LogUnavailable('The counter cannot answer now', { cause: error })
      }
      throw error
    }
  }
}
