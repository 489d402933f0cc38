import { rowsOf, type Query } from '../database.ts'

/** The most changes that are read at a time. */
export const changesMax = 1000

/** A user about whom the log says something new: an event, by its position, or a fact, by its revision. */
export interface UserChange {
  userId: number
  position: number
  revision: number
}

const events = `SELECT user_id AS userId, position, 0 AS revision FROM events NOT INDEXED
  WHERE position > ?1 ORDER BY position LIMIT ${changesMax + 1}`

const facts = `SELECT id AS userId, 0 AS position, revision FROM users INDEXED BY users_by_revision
  WHERE revision > ?1 ORDER BY revision LIMIT ${changesMax + 1}`

/** The users of the events after a position, and those whose facts changed after a revision; of each one more than `changesMax` at most. */
export const readUserChanges = (
  db: D1Database,
  after: { position: number; revision: number },
): Query<UserChange[]> => ({
  statements: [db.prepare(events).bind(after.position), db.prepare(facts).bind(after.revision)],
  read: (results) => results.flatMap((result) => rowsOf<UserChange>(result)),
})
