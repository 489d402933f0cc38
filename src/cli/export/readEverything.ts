import { DatabaseSync } from 'node:sqlite'
import {
  type CorrectionRow,
  readContributions,
  readCorrections,
  readDeclarations,
  readUsers,
} from '../../log/queries/export.ts'
import { runBatch, readPosition, type Query } from '../../log/database.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import { toCorrection, toCreated, toDeclarations, toUserMessages, type ExportedMessage } from './messages.ts'

/** Sorts corrections by when they were recorded, in a temporary file: there may be too many for memory. */
const inRecordedOrder = async function* (
  corrections: AsyncIterable<CorrectionRow>,
): AsyncGenerator<CorrectionRow> {
  const file = new DatabaseSync('') // SQLite's name for a temporary file that is removed when it is closed.
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

const pageRows = 2000

const run = async <Answer>(db: D1Database, query: Query<Answer>): Promise<Answer> => {
  const [answer] = await retryWhileUnavailable(async () => await runBatch<[Answer]>(db, query))
  return answer
}

/** All rows, page by page. Each page continues after the last row of the previous one. */
const rowsByPage = async function* <Row>(
  next: (last: Row | undefined) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let last: Row | undefined; ;) {
    const page = await next(last)
    yield* page
    last = page.at(-1)
    if (page.length < pageRows) return
  }
}

/** Contributions and corrections, merged in the order recorded. */
const readHistory = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  const end = await run(db, readPosition(db))
  const corrections = inRecordedOrder(
    rowsByPage(async (last: CorrectionRow | undefined) => await run(db, readCorrections(db, last, pageRows))),
  )
  let correction = await corrections.next()
  const contributions = rowsByPage(
    async (last: { position: number } | undefined) =>
      await run(db, readContributions(db, last?.position ?? 0, end, pageRows)),
  )
  for await (const row of contributions) {
    // At one instant, the contribution comes first, as in an append.
    while (!correction.done && correction.value.recorded_at < row.recorded_at) {
      yield toCorrection(correction.value)
      correction = await corrections.next()
    }
    yield toCreated(row)
  }
  for (; !correction.done; correction = await corrections.next()) yield toCorrection(correction.value)
}

/** The whole log as messages: contributions and corrections, then user profiles and erasures, then coverage. */
export const readEverything = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  yield* readHistory(db)
  const users = rowsByPage(
    async (last: { id: number } | undefined) => await run(db, readUsers(db, last?.id ?? 0, pageRows)),
  )
  for await (const row of users) yield* toUserMessages(row)
  for (const row of await run(db, readDeclarations(db))) yield* toDeclarations(row)
}
