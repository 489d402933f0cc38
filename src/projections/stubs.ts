import { LogUnavailable } from '../log/database.ts'
import { logOutage } from '../log/outage.ts'

const attemptsMax = 3

type Mark = 'retryable' | 'overloaded' | 'durableObjectReset' | 'remote'

/** How the platform marks exceptions (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
const isMarked = (error: unknown, mark: Mark): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/** What happened to the object, not in its code. All that is asked of objects does no harm when it is asked again. */
const maySucceedAgain = (error: unknown): boolean =>
  (isMarked(error, 'retryable') || isMarked(error, 'durableObjectReset')) && !isMarked(error, 'overloaded')

/** Whether it was the object's own code that threw, and not the platform that could not reach it. */
export const isOfObject = (error: unknown): boolean => isMarked(error, 'remote')

/**
 * Asks a Durable Object. An object that was lost on the way, or was reset while it answered, is asked again through
 * a new stub; one that is overloaded is left alone. Throws LogUnavailable when it cannot answer.
 */
export const askObject = async <Stub, Answer>(
  stubOf: () => Stub,
  question: (stub: Stub) => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question(stubOf())
    } catch (error) {
      const again = maySucceedAgain(error)
      if (again && attempt < attemptsMax) continue
      if (again || isMarked(error, 'overloaded')) {
        logOutage('object', again ? 'lost' : 'overloaded')
        throw new LogUnavailable('The object cannot answer now', { cause: error })
      }
      throw error
    }
  }
}
