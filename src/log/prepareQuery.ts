import { fillPlaceholders, sql } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/sqlite-core'
import { rowsOf, type Query } from './database.ts'

/** Builds SELECT statements from the tables of schema.ts, so that a misspelt column does not compile. */
export const builder = new QueryBuilder()

/** Stands for a value that each read fills in. */
export const { placeholder } = sql

/** A SELECT of drizzle's. */
interface Select<Row> {
  readonly _: { readonly result: Row[] }
  toSQL(): { sql: string; params: unknown[] }
}

/**
 * Prepares a plain read of rows; `values` are those of its placeholders. The text is built only once, because that takes
 * 0.3 ms; filling in the placeholders takes less than 1 µs.
 */
export const prepareQuery = <Row>(
  select: Select<Row>,
): ((db: D1Database, values?: Record<string, string | number>) => Query<Row[]>) => {
  const { sql: text, params } = select.toSQL()
  return (db, values = {}) => ({
    statements: [db.prepare(text).bind(...fillPlaceholders(params, values))],
    read: ([result]) => rowsOf<Row>(result),
  })
}
