import { logOutage, LogUnavailable, within } from '../log/database.ts'

const attemptsMax = 3

type Mark = 'retryable' | 'overloaded' | 'durableObjectReset' | 'remote'

/** How the platform marks exceptions (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
const isMarked = (error: unknown, mark: Mark): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/** What happened to the object, not in its code. All that is asked of objects does no harm when it is asked again. */
const maySucceedAgain = (error: unknown): boolean =>
  (isMarked(error, 'retryable') || isMarked(error, 'durableObjectReset')) && !isMarked(error, 'overloaded')

/** What the platform and V8 say when the size of an answer, memory or time has come to its limit. */
const limits =
  /exceeded .*limit|limited to \d+ ?MiB|memory limit|out of memory|allocation failed|invalid (?:array |string |typed array )length|SQLITE_(?:FULL|NOMEM|TOOBIG)/i

/** Whether the object's own code threw: not the platform that could not reach it, nor one of the platform's limits. */
export const isThrownByObject = (error: unknown): boolean =>
  error instanceof Error && isMarked(error, 'remote') && !limits.test(error.message)

/** How long an answer may take: longer than a ranking waits for its turn and is built. */
const deadlineMilliseconds = 120_000

/**
 * Asks a Durable Object. An object that was lost on the way, or was reset while it answered, is asked again through
 * a new stub; one that is overloaded is left alone. Throws LogUnavailable when it cannot answer, or takes 2 minutes.
 */
export const callObject = async <Stub, Answer>(
  stubOf: () => Stub,
  question: (stub: Stub) => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = question(stubOf())
      return await within(deadlineMilliseconds, answer, 'The object has not answered in time', () =>
        logOutage('object', 'no answer in time'),
      )
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
