import { runBatch } from '../../log/database.ts'
import { readStandingCounts } from '../../log/queries/standingCounts.ts'
import { patiently } from '../platform/patience.ts'
import type { Difference } from './drift.ts'
import type { Pair } from './pairs.ts'

const pagePairs = 1000

const comparePage = async (db: D1Database, pairs: readonly Pair[]): Promise<Difference[]> => {
  const userIds = pairs.map(({ userId }) => userId)
  const [rows] = await patiently(async () => await runBatch(db, readStandingCounts(db, userIds)))
  const counts = new Map(rows.map(({ user_id, type, count }) => [`${user_id} ${type}`, count]))
  return pairs.map((pair) => Object.assign({ log: counts.get(`${pair.userId} ${pair.type}`) ?? 0 }, pair))
}

/** Puts the log's count beside each pair's, page by page; each line of a file on its own. */
export const compareWithLog = async function* (
  db: D1Database,
  pairs: AsyncIterable<Pair>,
): AsyncGenerator<Difference> {
  let page: Pair[] = []
  for await (const pair of pairs) {
    page.push(pair)
    if (page.length < pagePairs) continue
    yield* await comparePage(db, page)
    page = []
  }
  if (page.length > 0) yield* await comparePage(db, page)
}
