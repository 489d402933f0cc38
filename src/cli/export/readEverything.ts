import {
  type AmendmentRow,
  type CorrectionRow,
  type DeletionRow,
  readAmendments,
  readContributions,
  readCorrections,
  readDeclarations,
  readDeletions,
  readUsers,
} from '../../log/queries/export.ts'
import type { Instant } from '../../contributions/instant.ts'
import { runBatch, readPosition, type Query } from '../../log/database.ts'
import { openTemporaryDatabase, withTemporaryFiles } from '../lines/temporaryDatabase.ts'
import { inStorableOrder } from './amendmentOrder.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import {
  toAmendment,
  toCorrection,
  toCreated,
  toDeclarations,
  toDeletion,
  toUserMessages,
  type ExportedMessage,
} from './messages.ts'

type LaterFact = CorrectionRow | AmendmentRow

const isAmendment = (fact: LaterFact): fact is AmendmentRow => 'fields' in fact

/** Whether two facts were recorded at the same instant about the same content. */
const areTogether = (one: LaterFact, other: LaterFact): boolean =>
  one.recorded_at === other.recorded_at &&
  one.content_id === other.content_id &&
  one.content_type === other.content_type

/** A correction or an amendment, and when it was recorded. */
interface LaterMessage {
  recordedAt: Instant
  message: ExportedMessage
}

/** Facts that are together, in an order in which a database stores all of them. */
const toMessages = function* (facts: readonly LaterFact[]): Generator<LaterMessage> {
  for (const row of facts)
    if (!isAmendment(row)) yield { recordedAt: row.recorded_at, message: toCorrection(row) }
  for (const row of inStorableOrder(facts.filter(isAmendment)))
    yield { recordedAt: row.recorded_at, message: toAmendment(row) }
}

/**
 * Sorts facts by the instant at which they were recorded, in a temporary file, because there may be too many for
 * memory. Those of the same instant keep their order, but for amendments of the same content.
 */
const inRecordedOrder = async function* (facts: AsyncIterable<LaterFact>): AsyncGenerator<LaterMessage> {
  const file = openTemporaryDatabase()
  try {
    withTemporaryFiles(() => file.exec('CREATE TABLE facts (recorded_at INTEGER, fact TEXT); BEGIN'))
    const insert = file.prepare('INSERT INTO facts VALUES (?, ?)')
    for await (const fact of facts)
      withTemporaryFiles(() => insert.run(fact.recorded_at, JSON.stringify(fact)))
    let together: LaterFact[] = []
    const sorted = file.prepare('SELECT fact FROM facts ORDER BY recorded_at, rowid').iterate()
    for (;;) {
      const { done, value } = withTemporaryFiles(() => sorted.next())
      if (done) break
      const fact = JSON.parse(String(value['fact'])) as LaterFact
      if (together[0] && !areTogether(together[0], fact)) {
        yield* toMessages(together)
        together = []
      }
      together.push(fact)
    }
    yield* toMessages(together)
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

/** Corrections, then amendments: an append applies them in this order, so those recorded at the same instant keep it. */
const readLaterFacts = async function* (db: D1Database): AsyncGenerator<LaterFact> {
  const corrections = rowsByPage(
    async (last: CorrectionRow | undefined) => await run(db, readCorrections(db, last, pageRows)),
  )
  yield* corrections
  const amendments = rowsByPage(
    async (last: AmendmentRow | undefined) => await run(db, readAmendments(db, last, pageRows)),
  )
  yield* amendments
}

/** Contributions, corrections and amendments, merged in the order recorded. */
const readHistory = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  const end = await run(db, readPosition(db))
  const facts = inRecordedOrder(readLaterFacts(db))
  let fact = await facts.next()
  const contributions = rowsByPage(
    async (last: { position: number } | undefined) =>
      await run(db, readContributions(db, last?.position ?? 0, end, pageRows)),
  )
  for await (const row of contributions) {
    // At the same instant, the contribution comes first, as in an append.
    while (!fact.done && fact.value.recordedAt < row.recorded_at) {
      yield fact.value.message
      fact = await facts.next()
    }
    yield* toCreated(row)
  }
  for (; !fact.done; fact = await facts.next()) yield fact.value.message
}

/** The whole log as messages: contributions, corrections and amendments, then deletions, users, and coverage. */
export const readEverything = async function* (db: D1Database): AsyncGenerator<ExportedMessage> {
  yield* readHistory(db)
  const deletions = rowsByPage(
    async (last: DeletionRow | undefined) => await run(db, readDeletions(db, last, pageRows)),
  )
  for await (const row of deletions) if (row.deleted_at !== null) yield toDeletion(row)
  const users = rowsByPage(
    async (last: { id: number } | undefined) => await run(db, readUsers(db, last?.id ?? 0, pageRows)),
  )
  for await (const row of users) yield* toUserMessages(row)
  for (const row of await run(db, readDeclarations(db))) yield* toDeclarations(row)
}
