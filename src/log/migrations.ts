import { rowsOf, transact } from './database.ts'

/** The names of the migrations that wrangler has applied to a database; none for an empty one. */
export const readMigrations = async (db: D1Database): Promise<string[]> => {
  const exists = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'd1_migrations'`)
  const [tables] = await transact(db, [exists])
  if (rowsOf(tables).length === 0) return []
  const [applied] = await transact(db, [db.prepare('SELECT name FROM d1_migrations')])
  return rowsOf<{ name: string }>(applied).map(({ name }) => name)
}
