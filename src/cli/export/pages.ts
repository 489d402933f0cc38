import { ask, readPosition, type Step } from '../../log/database.ts'
import {
  readContributions,
  readCorrections,
  readDeclarations,
  readUsers,
  type CorrectionRow,
} from '../../log/questions/export.ts'
import { patiently } from '../platform/patience.ts'
import { inRecordedOrder } from './recordedOrder.ts'
import { toCorrection, toCreated, toDeclarations, toUserMessages, type ExportedMessage } from './messages.ts'

const pageRows = 2000

const one = async <Answer>(db: D1Database, step: Step<Answer>): Promise<Answer> => {
  const [answer] = await patiently(async () => await ask<[Answer]>(db, step))
  return answer
}

/** Every row that page after page gives, each page asked for by the last row of the one before. */
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

/** Contributions and corrections, each in the order recorded and woven together by when they were. */
const readHistory = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  const end = await one(db, readPosition(db))
  const corrections = inRecordedOrder(
    rowsByPage(async (last: CorrectionRow | undefined) => await one(db, readCorrections(db, last, pageRows))),
  )
  let correction = await corrections.next()
  const contributions = rowsByPage(
    async (last: { position: number } | undefined) =>
      await one(db, readContributions(db, last?.position ?? 0, end, pageRows)),
  )
  for await (const row of contributions) {
    // At the same instant the contribution first: an append takes them in this order.
    while (!correction.done && correction.value.recorded_at < row.recorded_at) {
      yield toCorrection(correction.value)
      correction = await corrections.next()
    }
    yield toCreated(row)
  }
  for (; !correction.done; correction = await corrections.next()) yield toCorrection(correction.value)
}

/** Everything recorded, as messages: the history, then users' facts and erasures, then the coverage. */
export const readEverything = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  yield* readHistory(db)
  const users = rowsByPage(
    async (last: { id: number } | undefined) => await one(db, readUsers(db, last?.id ?? 0, pageRows)),
  )
  for await (const row of users) yield* toUserMessages(row)
  for (const row of await one(db, readDeclarations(db))) yield* toDeclarations(row)
}
