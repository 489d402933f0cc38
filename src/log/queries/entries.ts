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

/** SQL for a number from 0 to 99,999 by which audits tell the names of threads apart. */
export const threadWeight = (name: string): string =>
  `(length(${name}) * 7 + unicode(substr(${name}, -1)) * 31 + unicode(substr(${name}, -2)) * 1009
    + unicode(substr(${name}, -3)) * 10007 + unicode(substr(${name}, -4)) * 77003) % 100000`

/** Entries in one value: at 1 KB each for the longest names, below the 2 MB that a value in D1 may have. */
const partEntries = 1500

/**
 * SQL for the name of an entry's thread, with the types that ask, reply and solve as ?3 to ?5. A content type has no spaces,
 * so the two parts of a name cannot be confused.
 */
export const threadName = `CASE WHEN type = ?3 THEN content_type || ' ' || content_id
  WHEN type IN (?4, ?5) THEN parent_type || ' ' || parent_id END`

// Only as many parts as the log has.
const packed = `WITH RECURSIVE part (after) AS (
    SELECT ?1 UNION ALL SELECT after + ${partEntries} FROM part
    WHERE after + ${partEntries} < min(?2, (SELECT max(position) FROM events))
  )
  SELECT (
    SELECT json_group_array(json_array(position, user_id, occurred_at, type, delta, self, locale, product, ${threadName}))
    FROM events NOT INDEXED WHERE position > part.after AND position <= min(part.after + ${partEntries}, ?2)
  ) AS entries FROM part`

/** The entries after one position up to another, in order. Without `threads`, no entry has one. */
export const readEntries = (
  db: D1Database,
  { after, upTo }: { after: number; upTo: number },
  threads: ResponseTypes | undefined,
): Query<LogEntry[]> => {
  const { question = '', answer = '', solution = '' } = threads ?? {}
  return {
    statements: [db.prepare(packed).bind(after, upTo, question, answer, solution)],
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

/** Who is a system account at a revision of the users. */
export interface SystemUsers {
  revision: number
  systemUsers: number[]
}

/** The system accounts. Reads only the users who have changed since those that are `known`, and these. */
export const readSystemUsers = (db: D1Database, known: SystemUsers): Query<SystemUsers> => ({
  statements: [
    db
      .prepare(
        `SELECT (SELECT coalesce(max(revision), 0) FROM users) AS revision, (
           SELECT json_group_array(id) FROM (
             SELECT id FROM users INDEXED BY users_by_revision WHERE revision > ?1 AND is_system = 1
             UNION SELECT users.id FROM json_each(?2) AS known CROSS JOIN users ON users.id = known.value WHERE is_system = 1
           )) AS ids`,
      )
      .bind(known.revision, JSON.stringify(known.systemUsers)),
  ],
  read: ([result]) => ({
    revision: rowsOf<{ revision: number }>(result)[0]?.revision ?? 0,
    systemUsers: idsOf(result),
  }),
})

/** The members of a group. */
export const readGroup = (db: D1Database, name: string): Query<number[]> => ({
  statements: [
    db.prepare('SELECT json_group_array(user_id) AS ids FROM group_members WHERE name = ?').bind(name),
  ],
  read: ([result]) => idsOf(result),
})
