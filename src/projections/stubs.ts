import { LogUnavailable } from '../log/database.ts'

const attemptsMax = 3

/** How the platform marks an exception of its own (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
const marked = (error: unknown, mark: 'retryable' | 'overloaded' | 'remote'): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/** Whether it was the object's own code that threw, and not the platform that could not reach it. */
export const isOfObject = (error: unknown): boolean => marked(error, 'remote')

/**
 * Asks a Durable Object. What the platform calls retryable is asked again through a new stub; an object that is
 * overloaded is left alone. Throws LogUnavailable when it cannot answer.
 */
export const askObject = async <Stub, Answer>(
  stubOf: () => Stub,
  question: (stub: Stub) => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question(stubOf())
    } catch (error) {
      const again = marked(error, 'retryable') && !marked(error, 'overloaded')
      if (again && attempt < attemptsMax) continue
      if (again || marked(error, 'overloaded')) {
        throw new LogUnavailable('The object cannot answer now', { cause: error })
      }
      throw error
    }
  }
}
