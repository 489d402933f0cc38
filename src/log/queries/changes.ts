import { rowsOf, type Query } from '../database.ts'

/** The maximum number of changes of each kind per read. */
export const changesMax = 1000

/** A user with a new event (`position`) or a newer fact (`revision`); the other number is 0. */
export interface UserChange {
  userId: number
  position: number
  revision: number
}

const events = `SELECT user_id AS userId, position, 0 AS revision FROM events NOT INDEXED
  WHERE position > ?1 ORDER BY position LIMIT ${changesMax + 1}`

const facts = `SELECT id AS userId, 0 AS position, revision FROM users INDEXED BY users_by_revision
  WHERE revision > ?1 ORDER BY revision LIMIT ${changesMax + 1}`

/**
 * The users of the events after a position, and the users whose facts changed after a revision. Reads one more than
 * `changesMax` of each, so that the caller can tell that there are more.
 */
export const readUserChanges = (
  db: D1Database,
  after: { position: number; revision: number },
): Query<UserChange[]> => ({
  statements: [db.prepare(events).bind(after.position), db.prepare(facts).bind(after.revision)],
  read: (results) => results.flatMap((result) => rowsOf<UserChange>(result)),
})
