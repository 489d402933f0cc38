import { vi } from 'vitest'

/** What a database's own counters say of the batches run through it. */
export interface Meter {
  batches: number
  /** Each counted singly: D1 bounds how many a request may run. */
  statements: number
  rowsRead: number
  rowsWritten: number
}

/** The same database, with a meter beside it that sums up D1's `rows_read` and `rows_written`. */
export const metered = (db: D1Database): { db: D1Database; meter: Meter } => {
  const meter: Meter = { batches: 0, statements: 0, rowsRead: 0, rowsWritten: 0 }
  const batch = async <Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> => {
    const results = await db.batch<Row>(statements)
    meter.batches += 1
    meter.statements += statements.length
    for (const { meta } of results) {
      meter.rowsRead += meta.rows_read
      meter.rowsWritten += meta.rows_written
    }
    return results
  }
  const forward = {
    get: (target: D1Database, name: keyof D1Database) =>
      name === 'batch' ? batch : target[name].bind(target),
  }
  return { db: new Proxy(db, forward), meter }
}

/** Counts what every object and the Worker ask of D1 from now on, and lets it pass. */
export const meterOfAll = (db: D1Database): Meter => {
  const meter: Meter = { batches: 0, statements: 0, rowsRead: 0, rowsWritten: 0 }
  const prototype: D1Database = Object.getPrototypeOf(db)
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { batch } = prototype
  vi.spyOn(prototype, 'batch').mockImplementation(async function count(this: D1Database, statements) {
    const results = await batch.call(this, statements)
    meter.batches += 1
    meter.statements += statements.length
    for (const { meta } of results) {
      meter.rowsRead += meta.rows_read
      meter.rowsWritten += meta.rows_written
    }
    return results
  })
  return meter
}
