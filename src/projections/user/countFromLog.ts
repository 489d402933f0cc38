import { noFilter } from '../../contributions/selection.ts'
import type { Instant } from '../../contributions/instant.ts'
import { LogUnavailable, notCaughtUp, within } from '../../failure.ts'
import { rowsOf, runBatch, type Query } from '../../log/database.ts'
import { readHead } from '../../log/head.ts'
import { withUserEvents } from '../../log/queries/events.ts'
import { profileOf, readUserRow } from '../../log/queries/users.ts'
import type { ReadRequest } from '../LogFollower.ts'
import { noSuchUser, type CounterAnswer, type UserStatistics } from './UserCounter.ts'
import { countQuery, countsIn, type CountRow, type UserCounts } from './userCounts.ts'

/** The maximum number of events that are counted from the log. A counter counts more events faster. */
const eventsMax = 1000

/** How long to wait for the log before the counter is called. */
const patienceMilliseconds = 1000

/** A user's counts; undefined if they have more than 1,000 events. */
const readCounts = (
  db: D1Database,
  userId: number,
  asOf: Instant,
  live: boolean,
): Query<UserCounts | undefined> => {
  const { sql, parameters } = countQuery(asOf, live, noFilter)
  // The join keeps the number of events if no contribution stands.
  const text = `${withUserEvents(`?${parameters.length + 1}`, eventsMax + 1)}
    SELECT (SELECT count(*) FROM events) AS events, counted.* FROM (SELECT 1) LEFT JOIN (${sql}) AS counted`
  return {
    statements: [db.prepare(text).bind(...parameters, userId)],
    read: ([result]) => {
      const rows = rowsOf<CountRow & { events: number }>(result)
      return (rows[0]?.events ?? 0) > eventsMax ? undefined : countsIn(rows, asOf)
    },
  }
}

/**
 * A user's statistics, counted from the log without the user's counter, by the same statement. Returns undefined if the
 * counter has to answer: if the log does not answer within 1 s, if the user has more than 1,000 events, or if they were
 * erased, so that the counter learns it and does not show them in an outage.
 */
export const countFromLog = async (
  db: D1Database,
  userId: number,
  { now, atLeast }: ReadRequest,
  asOf: Instant | undefined,
): Promise<CounterAnswer<UserStatistics> | undefined> => {
  try {
    const reading = runBatch(
      db,
      readHead(db, undefined),
      readUserRow(db, userId),
      readCounts(db, userId, asOf ?? now, asOf === undefined),
    )
    const [head, user, counts] = await within(
      patienceMilliseconds,
      reading,
      'The log has not answered in time',
    )
    const { complete, checkpoint } = head
    const { position } = checkpoint
    if (position < atLeast) return notCaughtUp(position, atLeast)
    if (user === undefined) return noSuchUser
    if (user.is_erased === 1 || counts === undefined) return undefined
    const reflects = { userId, position, revision: user.revision, complete, lag: 0 }
    return { position, ageSeconds: 0, reflects, user: profileOf(user), complete, counts, period: undefined }
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
    return undefined
  }
}
