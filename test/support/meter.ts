import { vi } from 'vitest'

/** The sums of D1's own counters over batches. */
export interface Meter {
  batches: number
  /** D1 limits how many a request may run. */
  statements: number
  rowsRead: number
  rowsWritten: number
}

/** Meters every batch of the Worker and its objects from now on. Lasts until vi.restoreAllMocks(). */
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
