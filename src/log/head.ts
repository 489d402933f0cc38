import { contributionTypes } from '../definitions/definitions.ts'
import { rowsOf, type Query } from './database.ts'

/** A position in one particular log. A database that was restored to an earlier state is a different log from then on. */
export interface Checkpoint {
  epoch: string
  position: number
  /** Identifies the event at this position; empty at position 0. */
  mark: string
}

/** The end of the log. */
export interface LogHead {
  checkpoint: Checkpoint
  /** Whether the history of every type is declared complete. */
  complete: boolean
  /** Whether the log still contains the checkpoint `seen`: false after a restore to an earlier state. */
  continues: boolean
}

/*
 * The log is append-only: if an event is still there, so is everything before it. After a restore, an event that is
 * recorded again has a new `recorded_at`, so its mark differs.
 */
const markOf = (event: string): string =>
  `json_array(${event}.recorded_at, ${event}.type, ${event}.content_type, ${event}.content_id, ${event}.entry)`

// `log.id = 1` tells SQLite that `log` has one row, so it reads only the last event.
const head = `SELECT epoch, complete_types, coalesce(newest.position, 0) AS position,
    iif(newest.position, ${markOf('newest')}, '') AS mark,
    CASE WHEN newest.position > ?1
      THEN coalesce((SELECT ${markOf('seen')} FROM events AS seen WHERE seen.position = ?1), '')
      ELSE iif(newest.position, ${markOf('newest')}, '') END AS seen_mark
  FROM log LEFT JOIN events AS newest ON true WHERE log.id = 1 ORDER BY newest.position DESC LIMIT 1`

interface Row extends Checkpoint {
  complete_types: string
  seen_mark: string
}

/** Reads 2 rows, and 1 more if the log has grown since `seen` (undefined for the beginning). */
export const readHead = (db: D1Database, seen: Checkpoint | undefined): Query<LogHead> => ({
  statements: [db.prepare(head).bind(seen?.position ?? 0)],
  read: ([result]) => {
    const [row] = rowsOf<Row>(result)
    if (!row) throw new Error('The database has no log row: apply the migrations')
    const { epoch, position } = row
    const complete = new Set(JSON.parse(row.complete_types) as string[])
    const continues = seen === undefined || (epoch === seen.epoch && row.seen_mark === seen.mark)
    return {
      checkpoint: { epoch, position, mark: row.mark },
      complete: contributionTypes.every((type) => complete.has(type)),
      continues,
    }
  },
})

/** The highest revision of any user. */
export const readRevision = (db: D1Database): Query<number> => ({
  statements: [db.prepare('SELECT coalesce(max(revision), 0) AS revision FROM users')],
  read: ([result]) => rowsOf<{ revision: number }>(result)[0]?.revision ?? 0,
})

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
