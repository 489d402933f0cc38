import { logOutage, LogUnavailable, within } from '../failure.ts'

/* How to reach and call the Durable Objects. Each function named `…Of` returns a new stub. */

/** The stub of a user's counter. */
export const userCounterOf = ({ USER_COUNTERS }: Pick<Env, 'USER_COUNTERS'>, userId: number) =>
  USER_COUNTERS.getByName(String(userId))

/** Identifies a live ranking. */
export interface RankingKey {
  /** The name of a board or a metric. */
  of: string
  windowDays: number | null
  locale: string | null
  product: string | null
}

/** The stub of a live ranking, whose name is its key as JSON. */
export const rankingOf = (
  { RANKINGS }: Pick<Env, 'RANKINGS'>,
  { of, windowDays, locale, product }: RankingKey,
) => RANKINGS.getByName(JSON.stringify([of, windowDays, locale, product]))

/** The inverse of `rankingOf`: the key of the ranking whose object has this name. */
export const rankingKeyOf = (name: string): RankingKey => {
  const [of, windowDays, locale, product] = JSON.parse(name) as [
    string,
    number | null,
    string | null,
    string | null,
  ]
  return { of, windowDays, locale, product }
}

/** The stub of the only LogScans. */
export const logScansOf = ({ LOG_SCANS }: Pick<Env, 'LOG_SCANS'>) => LOG_SCANS.getByName('log')

/** The stub of the only LogSummary. */
export const logSummaryOf = ({ LOG_SUMMARY }: Pick<Env, 'LOG_SUMMARY'>) => LOG_SUMMARY.getByName('log')

/** The stub of the only UserDirectory. */
export const userDirectoryOf = ({ USER_DIRECTORY }: Pick<Env, 'USER_DIRECTORY'>) =>
  USER_DIRECTORY.getByName('log')

/** The stub of the only LogColumns. */
export const logColumnsOf = ({ LOG_COLUMNS }: Pick<Env, 'LOG_COLUMNS'>) => LOG_COLUMNS.getByName('log')

/** The stub of the only Auditor. */
export const auditorOf = ({ AUDITOR }: Pick<Env, 'AUDITOR'>) => AUDITOR.getByName('log')

const attemptsMax = 3

type Mark = 'retryable' | 'overloaded' | 'durableObjectReset' | 'remote'

/**
 * Whether the platform set this property on an exception
 * (developers.cloudflare.com/durable-objects/best-practices/error-handling).
 */
const isMarked = (error: unknown, mark: Mark): boolean =>
  error instanceof Error && Reflect.get(error, mark) === true

/** Whether the object was lost or reset. Retrying is safe, because all methods are idempotent. */
const isWorthRetrying = (error: unknown): boolean =>
  (isMarked(error, 'retryable') || isMarked(error, 'durableObjectReset')) && !isMarked(error, 'overloaded')

/** Messages of the platform and of V8 for exceeded limits: answer size, memory, time. */
const limits =
  /exceeded .*limit|limited to \d+ ?MiB|memory limit|out of memory|allocation failed|invalid (?:array |string |typed array )length|SQLITE_(?:FULL|NOMEM|TOOBIG)/i

/** Whether the object's code threw the error, rather than the platform. */
export const isThrownByObject = (error: unknown): boolean =>
  error instanceof Error && isMarked(error, 'remote') && !limits.test(error.message)

/** Longer than a ranking may take to wait for its turn and be built. */
const deadlineMilliseconds = 120_000

/**
 * Calls a Durable Object. If the object was lost or reset, retries at most twice, through a new stub. Does not retry if
 * the object is overloaded. Throws LogUnavailable if the object cannot answer within 2 minutes.
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
