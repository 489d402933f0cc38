import type { StatementSync } from 'node:sqlite'
import * as z from 'zod/mini'
import type { ContributionType } from '../../definitions/definitions.ts'
import { invalidMessage, isFailure, quote, type BodyIssue, type InvalidMessage } from '../../failure.ts'
import { contributionType, userId } from '../../ingest/schemas.ts'
import { runBatch } from '../../log/database.ts'
import { readStandingCounts } from '../../log/queries/standingCounts.ts'
import { decodeLine, readLines, type Input, type Line } from '../lines/input.ts'
import type { InvalidLines } from '../lines/invalidLines.ts'
import { openTemporaryDatabase, withTemporaryFiles } from '../lines/temporaryDatabase.ts'
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

/** The pairs of a file and their lines, in a temporary database, so that memory does not grow with the file. */
class KnownPairs {
  #database = openTemporaryDatabase()
  #insert: StatementSync
  #select: StatementSync

  constructor() {
    this.#database.exec(
      'CREATE TABLE pairs (user_id, type, line, PRIMARY KEY (user_id, type)) WITHOUT ROWID; BEGIN',
    )
    this.#insert = this.#database.prepare('INSERT INTO pairs VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    this.#select = this.#database.prepare('SELECT line FROM pairs WHERE user_id = ? AND type = ?')
  }

  /** Adds a pair. If an earlier line has it, returns that line's number instead. */
  add(pair: Pair, line: number): number | undefined {
    return withTemporaryFiles(() => {
      if (this.#insert.run(pair.userId, pair.type, line).changes === 1) return undefined
      return Number(this.#select.get(pair.userId, pair.type)?.['line'])
    })
  }

  close(): void {
    this.#database.close()
  }
}

/** The pair of a line, or what is wrong with the line. */
const parsePair = (line: Line): Pair | InvalidMessage => {
  const decoded = decodeLine(line)
  if (isFailure(decoded)) return decoded
  const { success, data, error } = pairSchema.safeParse(decoded.value, { reportInput: true })
  if (!success) return invalidMessage(error.issues.map(toIssue))
  return { userId: data.user_id, type: data.type, site: data.count }
}

/** Reads the valid pairs of a file in order. Reports the other lines, and those that repeat a pair, to `invalid`. */
export const readPairs = async function* (input: Input, invalid: InvalidLines): AsyncGenerator<Pair> {
  const known = new KnownPairs()
  try {
    for await (const lines of readLines(input)) {
      for (const line of lines) {
        const pair = parsePair(line)
        if (isFailure(pair)) {
          await invalid.add(line, pair.issues)
          continue
        }
        const first = known.add(pair, line.number)
        if (first === undefined) yield pair
        else
          await invalid.add(line, [{ pointer: '', detail: `Repeats the user and the type of line ${first}` }])
      }
    }
  } finally {
    known.close()
  }
}

const pagePairs = 1000

const comparePage = async (db: D1Database, pairs: readonly Pair[]): Promise<ComparedPair[]> => {
  const userIds = pairs.map((pair) => pair.userId)
  const [rows] = await retryWhileUnavailable(async () => await runBatch(db, readStandingCounts(db, userIds)))
  const counts = new Map(rows.map(({ user_id, type, count }) => [`${user_id} ${type}`, count]))
  return pairs.map((pair) => Object.assign({ log: counts.get(`${pair.userId} ${pair.type}`) ?? 0 }, pair))
}

/** Adds the log's count to each pair. */
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
