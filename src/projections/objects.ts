import { logOutage, LogUnavailable, within } from '../log/database.ts'
import { rankingName, type RankingKey } from './ranking/rankingName.ts'

/* The address of every Durable Object, and how one is called. Each address is a function that returns a new stub. */

/** The counter of a user. */
export const userCounterOf = ({ USER_COUNTERS }: Pick<Env, 'USER_COUNTERS'>, userId: number) =>
  USER_COUNTERS.getByName(String(userId))

/** The live ranking of a board or a metric. */
export const rankingOf = ({ RANKINGS }: Pick<Env, 'RANKINGS'>, key: RankingKey) =>
  RANKINGS.getByName(rankingName(key))

/** The one object that scans the log. */
export const logScansOf = ({ LOG_SCANS }: Pick<Env, 'LOG_SCANS'>) => LOG_SCANS.getByName('log')

/** The one object that sums up the log. */
export const logSummaryOf = ({ LOG_SUMMARY }: Pick<Env, 'LOG_SUMMARY'>) => LOG_SUMMARY.getByName('log')

/** The one object that knows everybody by name. */
export const userDirectoryOf = ({ USER_DIRECTORY }: Pick<Env, 'USER_DIRECTORY'>) =>
  USER_DIRECTORY.getByName('log')

/** The one object that has the log in columns. */
export const logColumnsOf = ({ LOG_COLUMNS }: Pick<Env, 'LOG_COLUMNS'>) => LOG_COLUMNS.getByName('log')

/** The one object that audits. */
export const auditorOf = ({ AUDITOR }: Pick<Env, 'AUDITOR'>) => AUDITOR.getByName('log')

const attemptsMax = 3

type Mark = 'retryable' | 'overloaded' | 'durableObjectReset' | 'remote'

/** The platform's marks on exceptions (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
const isMarked = (error: unknown, mark: Mark): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/** Whether the object was lost or reset. All methods are safe to repeat. */
const isWorthRetrying = (error: unknown): boolean =>
  (isMarked(error, 'retryable') || isMarked(error, 'durableObjectReset')) && !isMarked(error, 'overloaded')

/** Messages of the platform and V8 when an answer is too large, or memory or time runs out. */
const limits =
  /exceeded .*limit|limited to \d+ ?MiB|memory limit|out of memory|allocation failed|invalid (?:array |string |typed array )length|SQLITE_(?:FULL|NOMEM|TOOBIG)/i

/** Whether the object's own code threw, rather than the platform. */
export const isThrownByObject = (error: unknown): boolean =>
  error instanceof Error && isMarked(error, 'remote') && !limits.test(error.message)

/** Longer than a ranking takes to get its turn and be built. */
const deadlineMilliseconds = 120_000

/**
 * Calls a Durable Object. If the object was lost or reset, the call is repeated through a new stub, at most twice; an
 * overloaded object is not called again. Throws LogUnavailable if the object cannot answer or takes 2 minutes.
 */
export const callObject = async <Stub, Answer>(
  stubOf: () => Stub,
  call: (stub: Stub) => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = call(stubOf())
      return await within(deadlineMilliseconds, answer, 'The object has not answered in time', () =>
        logOutage('object', 'no answer in time'),
      )
    } catch (error) {
      const isRetryable = isWorthRetrying(error)
      if (isRetryable && attempt < attemptsMax) continue
      if (isRetryable || isMarked(error, 'overloaded')) {
        logOutage('object', isRetryable ? 'lost' : 'overloaded')
        throw new LogUnavailable('The object cannot answer now', { cause: error })
      }
      throw error
    }
  }
}
