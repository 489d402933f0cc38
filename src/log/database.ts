import { backoff, logOutage, LogUnavailable, retry, within, withJitter } from '../failure.ts'

/** Statements, and a function that reads their results. */
export interface Query<Answer> {
  statements: D1PreparedStatement[]
  /** Given the results of `statements`, in order. */
  read(results: D1Result[]): Answer
}

/** Converts the answer of a query. */
export const mapQuery = <From, To>(query: Query<From>, map: (answer: From) => To): Query<To> => ({
  statements: query.statements,
  read: (results) => map(query.read(results)),
})

const attemptsMax = 5
const firstPauseMilliseconds = 40

/** The limit for all attempts together: less than the 15 s for which senders wait, as Standard Webhooks recommends. */
export const deadlineMilliseconds = 10_000

/** Errors in a statement or its data, which a retry would not fix. */
const permanent =
  /SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|RANGE|TOOBIG)|D1_TYPE_ERROR|no such|syntax error|too many SQL/i

/**
 * Errors that D1 documents as retryable, and locks of a local database
 * (developers.cloudflare.com/d1/observability/debug-d1).
 */
const transient =
  /SQLITE_BUSY|SQLITE_LOCKED|database is locked|session commit token|Network connection lost|storage caused object to be reset|code was updated|Cannot resolve D1 DB|Can't read from request stream/i

/** The phrases in D1's errors that say why it cannot answer. */
const outagePhrases =
  /overloaded|exceeded (?:timeout|its memory limit|its CPU time limit)|network connection lost|caused object to be reset|code was updated|cannot resolve D1 DB|can't read from request stream|SQLITE_BUSY|SQLITE_LOCKED|database is locked|session commit token/i

/** The known phrase in an error from D1. The rest of the message is dropped, because it may quote personal data. */
const reasonOf = (message: string): string => outagePhrases.exec(message)?.[0].toLowerCase() ?? 'unknown'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const attempt = async (
  db: D1Database,
  statements: D1PreparedStatement[],
  late: AbortSignal,
): Promise<D1Result[]> => {
  try {
    return await retry(async () => await db.batch(statements), {
      attempts: attemptsMax,
      isTransient: (error) =>
        !late.aborted && !permanent.test(messageOf(error)) && transient.test(messageOf(error)),
      pauseAfter: (count) => withJitter(backoff(count, firstPauseMilliseconds)),
    })
  } catch (error) {
    const message = messageOf(error)
    if (permanent.test(message)) throw error
    logOutage('log', reasonOf(message))
    throw new LogUnavailable('The log cannot answer now', { cause: error })
  }
}

/**
 * Runs statements as one D1 batch: one round trip, one transaction. Retries transient errors with backoff and jitter,
 * so the statements must be safe to repeat. Throws LogUnavailable if D1 does not answer within `milliseconds`, 10 s by
 * default (it may still commit), and D1's own error if a statement is wrong.
 */
export const transact = async (
  db: D1Database,
  statements: D1PreparedStatement[],
  milliseconds: number = deadlineMilliseconds,
): Promise<D1Result[]> => {
  if (statements.length === 0) return [] // D1 rejects an empty batch
  const late = new AbortController()
  const results = attempt(db, statements, late.signal)
  return await within(milliseconds, results, 'The log has not answered in time', () => {
    late.abort()
    logOutage('log', 'no answer in time')
  })
}

/** The rows of a result. The caller vouches for their type. */
export const rowsOf = <Row>(result: D1Result | undefined): Row[] => (result?.results ?? []) as Row[]

/**
 * Whether each row was stored, given the result of an insert that RETURNs the first columns of what it stores. Of equal
 * rows only the first was.
 */
export const storedOf = (rows: readonly (readonly unknown[])[], result: D1Result | undefined): boolean[] => {
  const returned = rowsOf<Record<string, unknown>>(result).map((row) => Object.values(row))
  const width = returned[0]?.length ?? 0
  const stored = new Set(returned.map((row) => JSON.stringify(row)))
  // Set.delete returns true once for each value.
  return rows.map((row) => stored.delete(JSON.stringify(row.slice(0, width))))
}

/** Runs several queries as one transaction, and returns the answer to each. Throws what `transact` throws. */
export const runBatchWithin = async <Answers extends unknown[]>(
  milliseconds: number,
  db: D1Database,
  ...queries: { [Index in keyof Answers]: Query<Answers[Index]> }
): Promise<Answers> => {
  const statements = queries.flatMap((query) => query.statements)
  const results = await transact(db, statements, milliseconds)
  let taken = 0
  const answers = queries.map((query) => {
    const own = results.slice(taken, taken + query.statements.length)
    taken += query.statements.length
    return query.read(own)
  })
  return answers as Answers
}

/** How long a read waits for D1 if an object may have an older answer. */
export const promptMilliseconds = 1000

/** `runBatchWithin` 10 s. */
export const runBatch = async <Answers extends unknown[]>(
  db: D1Database,
  ...queries: { [Index in keyof Answers]: Query<Answers[Index]> }
): Promise<Answers> => await runBatchWithin<Answers>(deadlineMilliseconds, db, ...queries)

/** The position of the last event; 0 for an empty log. */
export const readPosition = (db: D1Database): Query<number> => ({
  statements: [db.prepare('SELECT coalesce(max(position), 0) AS position FROM events')],
  read: ([result]) => rowsOf<{ position: number }>(result)[0]?.position ?? 0,
})
