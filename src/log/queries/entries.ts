import type { EntryKind } from '../../contributions/community/entries.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { ResponseTypes } from '../../definitions/definitions.ts'
import { rowsOf, type Query } from '../database.ts'

/** An entry of the log without what no number depends on. */
export interface LogEntry {
  kind: EntryKind
  userId: number
  occurredAt: Instant
  /** Names the content that a question, an answer or a solution is about; null for any other entry. */
  thread: string | null
}

type Packed = [
  position: number,
  userId: number,
  occurredAt: Instant,
  type: string,
  delta: 1 | -1,
  self: 0 | 1,
  locale: string,
  product: string,
  thread: string | null,
]

/** Entries in one value: at 1 KB each for the longest names, below the 2 MB that a value in D1 may have. */
const partEntries = 1500

// A content type has no spaces, so the two parts of a thread's name cannot be confused.
const packed = `SELECT (
    SELECT json_group_array(json_array(position, user_id, occurred_at, type, delta, self, locale, product,
      CASE WHEN type = ?3 THEN content_type || ' ' || content_id
        WHEN type IN (?4, ?5) THEN parent_type || ' ' || parent_id END))
    FROM events NOT INDEXED
    WHERE position > part.value AND position <= min(part.value + ${partEntries}, ?2)
  ) AS entries FROM json_each(?1) AS part`

/** The entries after one position up to another, in order. Without `threads`, no entry has one. */
export const readEntries = (
  db: D1Database,
  { after, upTo }: { after: number; upTo: number },
  threads: ResponseTypes | undefined,
): Query<LogEntry[]> => {
  const count = Math.max(0, Math.ceil((upTo - after) / partEntries))
  const parts = Array.from({ length: count }, (_, index) => after + index * partEntries)
  const { question = '', answer = '', solution = '' } = threads ?? {}
  return {
    statements: [db.prepare(packed).bind(JSON.stringify(parts), upTo, question, answer, solution)],
    read: ([result]) =>
      rowsOf<{ entries: string }>(result)
        .flatMap(({ entries }) => JSON.parse(entries) as Packed[])
        // SQLite does not guarantee the order, though it returns entries in order in practice.
        .sort(([one], [other]) => one - other)
        .map(([, userId, occurredAt, type, delta, self, locale, product, thread]) => ({
          kind: { type, delta, self: self === 1, locale, product },
          userId,
          occurredAt,
          thread,
        })),
  }
}

const idsOf = (result: D1Result | undefined): number[] =>
  rowsOf<{ ids: string }>(result).flatMap(({ ids }) => JSON.parse(ids) as number[])

/** The system accounts. Reads every user. */
export const readSystemUsers = (db: D1Database): Query<number[]> => ({
  statements: [db.prepare('SELECT json_group_array(id) AS ids FROM users WHERE is_system = 1')],
  read: ([result]) => idsOf(result),
})

/** The members of a group. */
export const readGroup = (db: D1Database, name: string): Query<number[]> => ({
  statements: [
    db.prepare('SELECT json_group_array(user_id) AS ids FROM group_members WHERE name = ?').bind(name),
  ],
  read: ([result]) => idsOf(result),
})
