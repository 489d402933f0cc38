import { rowsOf, type Query } from './database.ts'

/** A place in one particular log: which a restored database, grown on, is not. */
export interface Checkpoint {
  epoch: string
  position: number
  /** What only the event at this position has; empty at 0. */
  mark: string
}

/** Where the log stands. */
export interface LogHead {
  place: Checkpoint
  /** Every type's history is declared whole. */
  complete: boolean
  /** Whether this is the log that `seen` is a place in, and all up to there is as it was. */
  continues: boolean
}

/*
 * The log is append-only, so an event that is still there vouches for all before it. What is recorded anew after a
 * restore has another instant of recording, whatever it is.
 */
const markOf = (event: string): string =>
  `json_array(${event}.recorded_at, ${event}.type, ${event}.content_type, ${event}.content_id, ${event}.entry)`

// The id tells SQLite that there is one row of log, so it reads no more than one event from the end.
const head = `SELECT epoch, complete, coalesce(newest.position, 0) AS position,
    iif(newest.position, ${markOf('newest')}, '') AS mark,
    CASE WHEN newest.position > ?1
      THEN coalesce((SELECT ${markOf('seen')} FROM events AS seen WHERE seen.position = ?1), '')
      ELSE iif(newest.position, ${markOf('newest')}, '') END AS seen_mark
  FROM log LEFT JOIN events AS newest ON true WHERE log.id = 1 ORDER BY newest.position DESC LIMIT 1`

interface Row extends Checkpoint {
  complete: number
  seen_mark: string
}

/** Reads 2 rows, and 1 more when the log has moved on from what was seen (undefined for nothing yet). */
export const readHead = (db: D1Database, seen: Checkpoint | undefined): Query<LogHead> => ({
  statements: [db.prepare(head).bind(seen?.position ?? 0)],
  read: ([result]) => {
    const [row] = rowsOf<Row>(result)
    if (!row) throw new Error('The database has no log row: apply the migrations')
    const { epoch, position } = row
    const continues = seen === undefined || (epoch === seen.epoch && row.seen_mark === seen.mark)
    return { place: { epoch, position, mark: row.mark }, complete: row.complete === 1, continues }
  },
})
