import type { EntryKind } from '../../contributions/community/entries.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { ResponseTypes } from '../../definitions/definitions.ts'
import { rowsOf, type Query } from '../database.ts'

/** An entry of the log, reduced to what numbers depend on. */
export interface LogEntry {
  kind: EntryKind
  userId: number
  occurredAt: Instant
  /** The name of the thread of a question, an answer or a solution; null for any other entry. */
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

/** SQL for a hash from 0 to 99,999 of a thread's name, with which audits compare threads. */
export const threadWeight = (name: string): string =>
  `(length(${name}) * 7 + unicode(substr(${name}, -1)) * 31 + unicode(substr(${name}, -2)) * 1009
    + unicode(substr(${name}, -3)) * 10007 + unicode(substr(${name}, -4)) * 77003) % 100000`

/**
 * The number of entries packed into one value. With the longest names an entry takes 1 KB, so a value stays below D1's
 * limit of 2 MB.
 */
const partEntries = 1500

/**
 * SQL for the name of an entry's thread; ?3 to ?5 are the types of questions, answers and solutions. A content type has
 * no spaces, so the name is unambiguous.
 */
export const threadName = `CASE WHEN type = ?3 THEN content_type || ' ' || content_id
  WHEN type IN (?4, ?5) THEN parent_type || ' ' || parent_id END`

// Stops at the end of the log.
const packed = `WITH RECURSIVE part (after) AS (
    SELECT ?1 UNION ALL SELECT after + ${partEntries} FROM part
    WHERE after + ${partEntries} < min(?2, (SELECT max(position) FROM events))
  )
  SELECT (
    SELECT json_group_array(json_array(position, user_id, occurred_at, type, delta, self, locale, product, ${threadName}))
    FROM events NOT INDEXED WHERE position > part.after AND position <= min(part.after + ${partEntries}, ?2)
  ) AS entries FROM part`

/** The entries with a position in (`after`, `upTo`], in order. If `threads` is undefined, every `thread` is null. */
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

/** The system accounts as of a revision. */
export interface SystemUsers {
  revision: number
  systemUsers: number[]
}

/** The system accounts. Reads only the `known` ones and the users who have changed since. */
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

/** The number of members in one value: 900 KB at most, of D1's 2 MB. */
const groupPart = 50_000

/** The members of a group, ascending. */
export const readGroup = (db: D1Database, name: string): Query<number[]> => ({
  statements: [
    db
      .prepare(
        `SELECT json_group_array(user_id) AS ids FROM (
           SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1) / ${groupPart} AS part
           FROM group_members WHERE name = ?)
         GROUP BY part`,
      )
      .bind(name),
  ],
  read: ([result]) => idsOf(result),
})
