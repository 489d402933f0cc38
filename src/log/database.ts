/** D1 cannot answer now. All of it was done or nothing, and the same call may be made again. */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
}

/** A question to the log, and how to read what comes back for it. */
export interface Query<Answer> {
  statements: D1PreparedStatement[]
  /** Given the results of `statements`, in order. */
  read(results: D1Result[]): Answer
}

const attemptsMax = 5
const firstPauseMilliseconds = 20

/** How long D1 may take, all attempts together: less than a sender of webhooks waits (15 s, say Standard Webhooks). */
const deadlineMilliseconds = 10_000

/** What a promise resolves to; throws LogUnavailable with this message if that takes too long, and calls `onLate`. */
export const within = async <Value>(
  milliseconds: number,
  promise: Promise<Value>,
  message: string,
  onLate: () => void = () => undefined,
): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate()
      reject(new LogUnavailable(message))
    }, milliseconds)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Faults of ours or of the data: asking again would fail again. */
const permanent =
  /SQLITE_(?:CONSTRAINT|ERROR|MISMATCH|RANGE|TOOBIG)|D1_TYPE_ERROR|no such|syntax error|too many SQL/i

/** What D1's own list and local locks say is worth a second try (developers.cloudflare.com/d1/observability/debug-d1). */
const transient =
  /SQLITE_BUSY|SQLITE_LOCKED|database is locked|session commit token|Network connection lost|storage caused object to be reset|code was updated|Cannot resolve D1 DB|Can't read from request stream/i

/** D1's own phrases for why it cannot answer. */
const outagePhrases =
  /overloaded|exceeded (?:timeout|its memory limit|its CPU time limit)|network connection lost|caused object to be reset|code was updated|cannot resolve D1 DB|can't read from request stream|SQLITE_BUSY|SQLITE_LOCKED|database is locked|session commit token/i

/** The known phrase in an error of D1's, and nothing else: the rest may quote a statement with personal data. */
const reasonOf = (message: string): string => outagePhrases.exec(message)?.[0].toLowerCase() ?? 'unknown'

/** Writes a line of JSON about an outage, so that it is noticed although readers get stored answers. */
export const logOutage = (of: 'log' | 'object', reason: string): void =>
  console.error(JSON.stringify({ event: 'unavailable', of, reason }))

const pause = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

const attempt = async (
  db: D1Database,
  statements: D1PreparedStatement[],
  late: AbortSignal,
): Promise<D1Result[]> => {
  for (let count = 1; ; count += 1) {
    try {
      return await db.batch(statements)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (permanent.test(message)) throw error
      if (count === attemptsMax || late.aborted || !transient.test(message)) {
        logOutage('log', reasonOf(message))
        throw new LogUnavailable('The log cannot answer now', { cause: error })
      }
      await pause(firstPauseMilliseconds * 2 ** count * (0.5 + Math.random() / 2))
    }
  }
}

/**
 * Runs statements as one D1 batch: one round trip, one transaction, all or nothing. What D1 calls transient is
 * tried again with backoff and jitter, which every caller's statements must allow (the log's do: identities).
 * Throws LogUnavailable when D1 cannot answer within 10 s (it may still commit), and D1's own error when the
 * statements are at fault.
 */
export const transact = async (db: D1Database, statements: D1PreparedStatement[]): Promise<D1Result[]> => {
  if (statements.length === 0) return [] // D1 refuses an empty batch
  const late = new AbortController()
  const results = attempt(db, statements, late.signal)
  return await within(deadlineMilliseconds, results, 'The log has not answered in time', () => {
    late.abort()
    logOutage('log', 'no answer in time')
  })
}

/** The rows of a result as the type that the statement's author vouches for. */
export const rowsOf = <Row>(result: D1Result | undefined): Row[] => (result?.results ?? []) as Row[]

/** Runs several steps as one transaction and gives each its answer. */
export const runBatch = async <Answers extends unknown[]>(
  db: D1Database,
  ...steps: { [Index in keyof Answers]: Query<Answers[Index]> }
): Promise<Answers> => {
  const results = await transact(
    db,
    steps.flatMap((step) => step.statements),
  )
  let taken = 0
  const answers = steps.map((step) => {
    const own = results.slice(taken, taken + step.statements.length)
    taken += step.statements.length
    return step.read(own)
  })
  return answers as Answers
}

/** The position that a transaction sees: the last event's, 0 for an empty log. */
export const readPosition = (db: D1Database): Query<number> => ({
  statements: [db.prepare('SELECT coalesce(max(position), 0) AS position FROM events')],
  read: ([result]) => rowsOf<{ position: number }>(result)[0]?.position ?? 0,
})
