import { rowsOf, transact } from './database.ts'

/** The table in which wrangler records applied migrations, exactly as wrangler creates it. */
const records = `CREATE TABLE IF NOT EXISTS "d1_migrations" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

/** The names of the migrations that have been applied to a database; none for an empty one. */
export const readMigrations = async (db: D1Database): Promise<string[]> => {
  const exists = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'd1_migrations'`)
  const [tables] = await transact(db, [exists])
  if (rowsOf(tables).length === 0) return []
  const [applied] = await transact(db, [db.prepare('SELECT name FROM d1_migrations')])
  return rowsOf<{ name: string }>(applied).map(({ name }) => name)
}

/**
 * Applies a migration to a local database and records its name, in one transaction. Throws D1's error. Has no deadline
 * and no retry: building an index over a large log takes long, and a migration is not safe to repeat.
 */
export const applyMigration = async (db: D1Database, name: string, sql: string): Promise<void> => {
  const record = db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
  await db.batch([db.prepare(records), db.prepare(sql), record])
}
