import type { Contribution } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Query } from './database.ts'

/** What became of a contribution. `position` is that of the recorded contribution with the same identity. */
export interface Verdict {
  status: 'recorded' | 'duplicate' | 'conflict'
  position: number
}

/** How a contribution arrived. The first one from a webhook starts its type's coverage. */
export type Source = 'webhook' | 'backfill'

/** A contribution to record. */
export interface Recordable extends Contribution {
  /** When it was first recorded, if it comes from an export; undefined for now. */
  recordedAt?: Instant
}

/** A contribution as a JSON array, which is a tenth shorter than an object. */
const toRow = (contribution: Recordable): (string | number | null)[] => [
  contribution.type,
  contribution.content.type,
  contribution.content.id,
  contribution.userId,
  contribution.occurredAt,
  contribution.parent?.type ?? null,
  contribution.parent?.id ?? null,
  contribution.locale,
  contribution.product,
  contribution.self ? 1 : 0,
  contribution.recordedAt ?? null,
]

const sameIdentity = `events.content_id = item.value->>2 AND events.content_type = item.value->>1
  AND events.type = item.value->>0 AND events.entry = 0`

const sameFacts = `events.user_id = item.value->>3 AND events.occurred_at = item.value->>4
  AND events.parent_type IS item.value->>5 AND events.parent_id IS item.value->>6
  AND events.locale = item.value->>7 AND events.product = item.value->>8 AND events.self = item.value->>9`

/** Starts a type's coverage when a webhook first brings something new. Runs before the insert. */
const startCoverage = `INSERT INTO coverage (type, first_webhook_at)
  SELECT sent.value, ?2 FROM json_each(?3) AS sent
  WHERE NOT EXISTS (SELECT 1 FROM coverage WHERE type = sent.value AND first_webhook_at IS NOT NULL)
    AND EXISTS (SELECT 1 FROM json_each(?1) AS item WHERE item.value->>0 = sent.value
                AND NOT EXISTS (SELECT 1 FROM events WHERE ${sameIdentity}))
  ON CONFLICT (type) DO UPDATE SET first_webhook_at = excluded.first_webhook_at`

// A trigger skips known identities; others add entries for corrections that arrived earlier.
const insert = `INSERT INTO events (type, content_type, content_id, user_id, occurred_at, recorded_at,
    parent_type, parent_id, locale, product, self)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, coalesce(value->>10, ?2), value->>5, value->>6, value->>7, value->>8, value->>9
  FROM json_each(?1) ORDER BY key`

/** What the log has for a row: the row's index, the recorded contribution's position, and 1 if the facts are equal. */
type LogMatch = [index: number, position: number, same: number]

// One JSON value, because returning a thousand small objects would take longer than the query.
const readBack = `SELECT json_group_array(json_array(item.key, events.position, ${sameFacts})) AS matches
  FROM json_each(?1) AS item CROSS JOIN events WHERE ${sameIdentity}`

const matchesOf = (result: D1Result | undefined): LogMatch[] =>
  JSON.parse(rowsOf<{ matches: string }>(result)[0]?.matches ?? '[]') as LogMatch[]

/**
 * Appends contributions in order. The first of each identity is recorded, within the batch too. Rows written: 4 for a
 * recorded contribution, 0 for any other, and 1 when a type's coverage starts.
 */
export const appendContributions = (
  db: D1Database,
  contributions: readonly Recordable[],
  source: Source,
  now: Instant,
): Query<Verdict[]> => {
  if (contributions.length === 0) return { statements: [], read: () => [] }
  const rows = JSON.stringify(contributions.map(toRow))
  const types = JSON.stringify([...new Set(contributions.map(({ type }) => type))])
  const coverage = source === 'webhook' ? [db.prepare(startCoverage).bind(rows, now, types)] : []
  return {
    statements: [
      db.prepare('SELECT coalesce(max(position), 0) AS position FROM events'),
      ...coverage,
      db.prepare(insert).bind(rows, now),
      db.prepare(readBack).bind(rows),
    ],
    read: (results) => {
      let newest = rowsOf<{ position: number }>(results[0])[0]?.position ?? 0
      // The first of an identity has the new position; a repetition in this batch is compared like any other.
      return matchesOf(results.at(-1))
        .sort(([left], [right]) => left - right)
        .map(([, position, same]) => {
          if (position > newest) {
            newest = position
            return { status: 'recorded', position }
          }
          return { status: same === 1 ? 'duplicate' : 'conflict', position }
        })
    },
  }
}

/** How a contribution compares with the recorded one of its identity. */
export interface Known {
  status: 'duplicate' | 'conflict'
  position: number
}

/**
 * The verdicts that contributions would get if each were appended on its own; undefined for one that would be recorded.
 * Writes nothing.
 */
export const compareContributions = (
  db: D1Database,
  contributions: readonly Contribution[],
): Query<(Known | undefined)[]> => {
  if (contributions.length === 0) return { statements: [], read: () => [] }
  return {
    statements: [db.prepare(readBack).bind(JSON.stringify(contributions.map(toRow)))],
    read: ([result]) => {
      const verdicts: (Known | undefined)[] = contributions.map(() => undefined)
      for (const [index, position, same] of matchesOf(result)) {
        verdicts[index] = { status: same === 1 ? 'duplicate' : 'conflict', position }
      }
      return verdicts
    },
  }
}
