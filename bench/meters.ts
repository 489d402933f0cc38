import { noRows, type Rows } from './rows.ts'

/*
 * Meters inside the Worker. workerd runs a Worker and all of its objects in one isolate: what they read and write
 * adds up here, and a meter that hangs on a prototype is a meter for all of them.
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

/** Counts what any database of this kind reads and writes in batches, which is how log/ does it all, from now on. */
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

/** Counts what any object reads and writes in its own storage, from now on; once is enough. */
export const meterStorage = (storage: SqlStorage): void => {
  if (metersStorage) return
  metersStorage = true
  const prototype: Executes = Object.getPrototypeOf(storage)
  const { exec } = prototype
  prototype.exec = function (query, ...bindings) {
    const cursor = exec.call(this, query, ...bindings)
    // Its numbers are final once it is consumed, which objects do before they await anything.
    queueMicrotask(() => {
      rows.objectRead += cursor.rowsRead
      rows.objectWritten += cursor.rowsWritten
    })
    return cursor
  }
}

/** All rows since the Worker started. */
export const rowsSoFar = (): Rows => ({ ...rows })
