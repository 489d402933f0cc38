import { noRows, type Rows } from './rows.ts'

/*
 * Meters inside the Worker. workerd runs a Worker and all of its objects in one isolate, so patching a prototype counts
 * what all of them read and write.
 */

const rows: Rows = { ...noRows }

/** Counts the rows of a D1 statement. */
export const countStatement = ({ meta }: D1Result): void => {
  rows.d1Read += meta.rows_read
  rows.d1Written += meta.rows_written
}

interface Batches {
  batch: (this: D1Database, statements: D1PreparedStatement[]) => Promise<D1Result[]>
}

/** From now on, counts the rows that batches of any database read and write. src/log runs all its statements in batches. */
export const meterBatches = (db: D1Database): void => {
  const prototype: Batches = Object.getPrototypeOf(db)
  const { batch } = prototype
  prototype.batch = async function (statements) {
    const results = await batch.call(this, statements)
    for (const result of results) countStatement(result)
    return results
  }
}

interface Executes {
  exec: (this: SqlStorage, query: string, ...bindings: unknown[]) => { rowsRead: number; rowsWritten: number }
}

let metersStorage = false

/** From now on, counts the rows that every object reads and writes in its storage. Has no effect when called again. */
export const meterStorage = (storage: SqlStorage): void => {
  if (metersStorage) return
  metersStorage = true
  const prototype: Executes = Object.getPrototypeOf(storage)
  const { exec } = prototype
  prototype.exec = function (query, ...bindings) {
    const cursor = exec.call(this, query, ...bindings)
    // The counts are final once the cursor has been consumed. Objects consume cursors before they await anything.
    queueMicrotask(() => {
      rows.objectRead += cursor.rowsRead
      rows.objectWritten += cursor.rowsWritten
    })
    return cursor
  }
}

/** All rows counted since the Worker started. */
export const rowsSoFar = (): Rows => ({ ...rows })
