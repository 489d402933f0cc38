import * as z from 'zod/mini'
import type { ContributionType } from '../../definitions/definitions.ts'
import { isFailure, quote, type BodyIssue } from '../../failure.ts'
import { contributionType, userId } from '../../ingest/schemas.ts'
import { runBatch } from '../../log/database.ts'
import { readStandingCounts } from '../../log/queries/standingCounts.ts'
import { decodeLine, readLines, type Input } from '../lines/input.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'

/** The site's count for a user and a type. */
interface Pair {
  userId: number
  type: ContributionType
  site: number
}

/** A pair with the log's count. */
export interface ComparedPair extends Pair {
  log: number
}

const useCount = 'use a whole number of at least 0'

const pairSchema = z.object(
  {
    user_id: userId,
    type: contributionType,
    count: z.int({ error: useCount }).check(z.gte(0, { error: useCount })),
  },
  { error: 'use an object with user_id, type and count' },
)

const toIssue = ({ path, input, message }: z.core.$ZodIssue): BodyIssue => {
  const name = path.join('/')
  if (input === undefined && name !== '') return { pointer: '', detail: `Missing "${name}": ${message}` }
  return { pointer: name === '' ? '' : `/${name}`, detail: `Cannot use ${quote(input)}: ${message}` }
}

/** Reads the valid pairs of a file in order. Reports the other lines to `invalid`. */
export const readPairs = async function* (input: Input, invalid: InvalidLines): AsyncGenerator<Pair> {
  for await (const lines of readLines(input)) {
    for (const line of lines) {
      const decoded = decodeLine(line)
      if (isFailure(decoded)) {
        await invalid.add(line, decoded.issues)
        continue
      }
      const parsed = pairSchema.safeParse(decoded.value, { reportInput: true })
      if (parsed.success) {
        yield { userId: parsed.data.user_id, type: parsed.data.type, site: parsed.data.count }
      } else await invalid.add(line, parsed.error.issues.map(toIssue))
    }
  }
}

const pagePairs = 1000

const comparePage = async (db: D1Database, pairs: readonly Pair[]): Promise<ComparedPair[]> => {
  const userIds = pairs.map((pair) => pair.userId)
  const [rows] = await retryWhileUnavailable(async () => await runBatch(db, readStandingCounts(db, userIds)))
  const counts = new Map(rows.map(({ user_id, type, count }) => [`${user_id} ${type}`, count]))
  return pairs.map((pair) => Object.assign({ log: counts.get(`${pair.userId} ${pair.type}`) ?? 0 }, pair))
}

/** Adds the log's count to each pair. Duplicate pairs are compared individually. */
export const compareWithLog = async function* (
  db: D1Database,
  pairs: AsyncIterable<Pair>,
): AsyncGenerator<ComparedPair> {
  let page: Pair[] = []
  for await (const pair of pairs) {
    page.push(pair)
    if (page.length < pagePairs) continue
    yield* await comparePage(db, page)
    page = []
  }
  if (page.length > 0) yield* await comparePage(db, page)
}
