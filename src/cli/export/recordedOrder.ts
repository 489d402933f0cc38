import { DatabaseSync } from 'node:sqlite'
import type { CorrectionRow } from '../../log/questions/export.ts'

/** Gives corrections in the order recorded, however many there are: they are sorted in a temporary file. */
export const inRecordedOrder = async function* (
  corrections: AsyncIterable<CorrectionRow>,
): AsyncGenerator<CorrectionRow> {
  const file = new DatabaseSync('') // SQLite's name for one that goes when it is closed
  try {
    file.exec('CREATE TABLE corrections (recorded_at INTEGER, row TEXT); BEGIN')
    const insert = file.prepare('INSERT INTO corrections VALUES (?, ?)')
    for await (const row of corrections) insert.run(row.recorded_at, JSON.stringify(row))
    const sorted = file.prepare('SELECT row FROM corrections ORDER BY recorded_at, rowid')
    for (const { row } of sorted.iterate()) yield JSON.parse(String(row)) as CorrectionRow
  } finally {
    file.close()
  }
}
