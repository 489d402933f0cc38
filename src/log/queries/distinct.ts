import type { Change } from '../../contributions/countedUsers.ts'
import type { Selection } from '../../contributions/selection.ts'
import { rowsOf, runBatch, type Query } from '../database.ts'
import { whereSelected, type Fragment, localDaySql } from './selection.ts'
import { packedColumns, tallyUsers, unpack, type RankingKind } from './tally.ts'

/**
 * Counts the distinct values of `key` among each user's standing contributions. Every −1 repeats the values of its +1,
 * so a value counts exactly if its deltas sum to more than 0. `newest` is null if any entry was reversed.
 */
const readDistinct = (
  db: D1Database,
  events: Fragment,
  key: string,
  kinds: readonly RankingKind[],
): Query<Change[][]> => {
  const sql = `SELECT ${packedColumns(kinds)} FROM (
      SELECT user_id, count(*) AS delta, CASE count(newest) WHEN count(*) THEN max(newest) END AS newest,
        row_number() OVER () / ${tallyUsers} AS part
      FROM (
        SELECT user_id, CASE min(delta) WHEN 1 THEN max(occurred_at) END AS newest
        FROM events ${events.sql} GROUP BY user_id, ${key} HAVING sum(delta) > 0
      ) GROUP BY user_id
    ) AS tally CROSS JOIN users ON users.id = tally.user_id GROUP BY part`
  return {
    statements: [db.prepare(sql).bind(...events.parameters)],
    read: ([result]) => unpack(result, kinds),
  }
}

const inWindow = (selection: Selection): Fragment => {
  const { sql, parameters } = whereSelected(selection)
  return { sql: `INDEXED BY events_by_window WHERE ${sql}`, parameters }
}

/**
 * The maximum number of events, of any type and time, of all users that one statement reads. A single user may have
 * more.
 */
const defaultEventsMax = 40_000

/** The last user for a statement that starts with user `first`; `MAX_SAFE_INTEGER` if it can take all the rest. */
const readLastUser = (db: D1Database, first: number, eventsMax: number): Query<number> => ({
  statements: [
    db
      .prepare(
        `SELECT user_id FROM events INDEXED BY events_by_user WHERE user_id >= ?
         ORDER BY user_id LIMIT 1 OFFSET ?`,
      )
      .bind(first, eventsMax),
  ],
  read: ([result]) => {
    const [row] = rowsOf<{ user_id: number }>(result)
    return row === undefined ? Number.MAX_SAFE_INTEGER : Math.max(first, row.user_id - 1)
  },
})

const parentKey = 'parent_type, parent_id'

/**
 * A parent may recur years later, so the distinct counts of parts of a window cannot be added up. A long window is
 * therefore read by ranges of users, each over the whole window.
 */
async function* readParentsByUser(
  db: D1Database,
  selection: Selection,
  kinds: readonly RankingKind[],
  eventsMax: number,
): AsyncGenerator<Change[][]> {
  const { sql, parameters } = whereSelected(selection)
  for (let first = 1; first <= Number.MAX_SAFE_INTEGER;) {
    const [last] = await runBatch(db, readLastUser(db, first, eventsMax))
    const events = {
      sql: `INDEXED BY events_by_user WHERE events.user_id BETWEEN ? AND ? AND ${sql}`,
      parameters: [first, last, ...parameters],
    }
    const [changes] = await runBatch(db, readDistinct(db, events, parentKey, kinds))
    yield changes
    await scheduler.wait(0)
    first = last + 1
  }
}

/**
 * Counts distinct parents or days by user, for rankings of several kinds. The yielded counts add up to the total.
 * Timers and other requests run between statements. Throws LogUnavailable.
 */
export async function* readDistinctCounts(
  db: D1Database,
  selection: Selection,
  kinds: readonly RankingKind[],
  eventsMax = defaultEventsMax,
): AsyncGenerator<Change[][]> {
  const { measure } = selection
  if (measure.of === 'parents') {
    if (measure.isLong) yield* readParentsByUser(db, selection, kinds, eventsMax)
    else yield* await runBatch(db, readDistinct(db, inWindow(selection), parentKey, kinds))
  }
  if (measure.of !== 'days') return
  for (const { window, pieces } of measure.stretches) {
    const events = inWindow({ ...selection, window })
    yield* await runBatch(db, readDistinct(db, events, localDaySql(pieces), kinds))
    await scheduler.wait(0)
  }
}
