import type { Instant } from '../../contributions/instant.ts'
import type { Change } from '../../contributions/countedUsers.ts'
import type { RankedUser, RankingEntry } from '../../contributions/ranking.ts'
import type { Selection } from '../../contributions/selection.ts'
import type { Profile } from '../../contributions/user.ts'
import { mapQuery, rowsOf, type Query } from '../database.ts'
import { whereSelected, type Fragment } from './selection.ts'
import type { Slice } from './slices.ts'

/** Boards exclude users who are not shown; metrics exclude only system accounts. */
export type RankingKind = 'board' | 'metric'

const excludedSql: Record<RankingKind, string> = {
  board: 'max(is_system, 1 - is_active, is_hidden, is_erased)',
  metric: 'is_system',
}

/** Changes as JSON arrays in one row, which D1 returns faster than many rows. `excluded` has an array for each kind. */
interface PackedChanges {
  user_ids: string
  deltas: string
  newests: string
  excluded: string
}

/** The columns of `PackedChanges`, aggregated from rows with `user_id`, `delta` and `newest`, joined with `users`. */
export const packedColumns = (kinds: readonly RankingKind[]): string =>
  `json_group_array(user_id) AS user_ids, json_group_array(delta) AS deltas, json_group_array(newest) AS newests,
    json_array(${kinds.map((kind) => `json(json_group_array(${excludedSql[kind]}))`).join(', ')}) AS excluded`

/** The maximum number of users in one answer: at 17 bytes each, far below D1's limit of 2 MB for a value. */
export const tallyUsers = 50_000

/**
 * Sums events by user, in order of ID. `newest` is null if any entry was a reversal. Returns up to one user more than
 * an answer may have, so that the caller can detect the overflow.
 */
const tallyOf = (events: string, kinds: readonly RankingKind[]): string => `
  SELECT ${packedColumns(kinds)}
  FROM (
    SELECT user_id, sum(delta) AS delta, CASE min(delta) WHEN 1 THEN max(occurred_at) END AS newest
    FROM events ${events} GROUP BY user_id LIMIT ${tallyUsers + 1}
  ) AS tally CROSS JOIN users ON users.id = tally.user_id`

const unpackRow = (row: PackedChanges): Change[][] => {
  const userIds = JSON.parse(row.user_ids) as number[]
  const deltas = JSON.parse(row.deltas) as number[]
  const newests = JSON.parse(row.newests) as (Instant | null)[]
  return (JSON.parse(row.excluded) as number[][]).map((excluded) =>
    userIds.map((userId, index) => ({
      userId,
      delta: deltas[index] ?? 0,
      newest: newests[index] ?? NaN,
      excluded: excluded[index] === 1,
    })),
  )
}

/** The changes for each of `kinds`, in order of user ID. */
export const unpack = (result: D1Result | undefined, kinds: readonly RankingKind[]): Change[][] => {
  const rows = rowsOf<PackedChanges>(result).map(unpackRow)
  // SQLite does not guarantee the order of users, though it returns them in order in practice.
  return kinds.map((_, index) =>
    rows.flatMap((row) => row[index] ?? []).sort((one, other) => one.userId - other.userId),
  )
}

/** Sums a selection by user, for rankings of several kinds. */
export const readTallies = (
  db: D1Database,
  selection: Slice,
  kinds: readonly RankingKind[],
): Query<Change[][]> => {
  const where = whereSelected(selection)
  const events = `INDEXED BY events_by_window WHERE ${where.sql}`
  return {
    statements: [db.prepare(tallyOf(events, kinds)).bind(...where.parameters)],
    read: ([changes]) => unpack(changes, kinds),
  }
}

/** Sums a selection by user. */
export const readTally = (db: D1Database, selection: Slice, kind: RankingKind): Query<Change[]> =>
  mapQuery(readTallies(db, selection, [kind]), ([changes = []]) => changes)

/** Sums the events of a selection with a position in (`after`, `upTo`], by user. */
export const readNewEvents = (
  db: D1Database,
  selection: Selection,
  kind: RankingKind,
  after: number,
  upTo: number,
): Query<Change[]> => {
  const where: Fragment = whereSelected(selection)
  const events = `NOT INDEXED WHERE events.position > ? AND events.position <= ? AND ${where.sql}`
  return {
    statements: [db.prepare(tallyOf(events, [kind])).bind(after, upTo, ...where.parameters)],
    read: ([result]) => unpack(result, [kind])[0] ?? [],
  }
}

/** The changes that subtract the events of a selection, which have left a window; 'too many' for more than 50,000 users. */
export const readExpiredEvents = (
  db: D1Database,
  selection: Selection,
  kind: RankingKind,
): Query<Change[] | 'too many'> =>
  mapQuery(readTally(db, selection, kind), (changes) =>
    changes.length > tallyUsers
      ? 'too many'
      : changes.map(({ userId, delta, excluded }) => ({
          userId,
          delta: -delta,
          newest: -Infinity,
          excluded,
        })),
  )

/** A user whose facts have changed. */
export interface ChangedUser {
  revision: number
  excluded: boolean
  profile: Profile
}

/** The users who come after (`revision`, `userId`) in that order; at most `limit`. */
export const readChangedUsers = (
  db: D1Database,
  kind: RankingKind,
  after: { revision: number; userId: number },
  limit: number,
): Query<ChangedUser[]> => ({
  // Two index ranges: for (revision, id) > (?, ?), SQLite would use only the revision.
  statements: [
    db
      .prepare(
        `SELECT id, revision, username, display_name, avatar_url, ${excludedSql[kind]} AS excluded FROM (
           SELECT * FROM users INDEXED BY users_by_revision WHERE revision = ?1 AND id > ?2
           UNION ALL SELECT * FROM users INDEXED BY users_by_revision WHERE revision > ?1
         ) ORDER BY revision, id LIMIT ?3`,
      )
      .bind(after.revision, after.userId, limit),
  ],
  read: ([result]) =>
    rowsOf<Profile & { revision: number; excluded: number }>(result).map(
      ({ revision, excluded, ...profile }) => ({ revision, excluded: excluded === 1, profile }),
    ),
})

/** What a ranking entry shows besides rank and count. `newest` is the instant of the user's newest counted contribution. */
export interface EntryDetails {
  profile: Profile
  newest: Instant
}

/** Ranked users as ranking entries. Users without details are left out. */
export const toEntries = (users: readonly RankedUser[], details: readonly EntryDetails[]): RankingEntry[] => {
  const detailsOf = new Map(details.map((one) => [one.profile.id, one]))
  return users.flatMap(({ userId, rank, count }) => {
    const found = detailsOf.get(userId)
    return found ? [{ rank, user: found.profile, count, lastContributionAt: found.newest }] : []
  })
}

/**
 * The details of ranked users in a selection. A `newest` that is NaN is read from the log, without regard to the
 * selection's group, which the user may have left since they were ranked.
 */
export const readEntryDetails = (
  db: D1Database,
  selection: Selection,
  users: readonly RankedUser[],
): Query<EntryDetails[]> => {
  const where = whereSelected({ ...selection, group: undefined })
  const sql = `SELECT users.id, username, display_name, avatar_url, CASE WHEN wanted.value ->> 1 THEN (
      SELECT max(occurred_at) FROM (
        SELECT occurred_at FROM events INDEXED BY events_by_user WHERE events.user_id = users.id AND ${where.sql}
        GROUP BY occurred_at HAVING sum(delta) > 0)) END AS newest
    FROM json_each(?) AS wanted CROSS JOIN users ON users.id = wanted.value ->> 0`
  const wanted = users.map(({ userId, newest }) => [userId, Number.isNaN(newest)])
  const known = new Map(users.map(({ userId, newest }) => [userId, newest]))
  return {
    statements: [db.prepare(sql).bind(...where.parameters, JSON.stringify(wanted))],
    read: ([result]) =>
      rowsOf<Profile & { newest: Instant | null }>(result).map(({ newest, ...profile }) => ({
        profile,
        newest: newest ?? known.get(profile.id) ?? NaN,
      })),
  }
}
