import type { Contribution } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, type Step } from './database.ts'

/** What became of one contribution. `position` is that of the contribution that stands for its identity. */
export interface Verdict {
  status: 'recorded' | 'duplicate' | 'conflict'
  position: number
}

/** Which door a contribution came through: coverage tells history that arrived live from history backfilled. */
export type Source = 'webhook' | 'backfill'

/** A contribution to record. */
export interface Recordable extends Contribution {
  /** When it was first recorded, for one that comes from an export; otherwise it is recorded now. */
  recordedAt?: Instant
}

/** One contribution as a JSON array: a tenth shorter than an object, and one parameter whatever the batch size. */
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

/** The first time a webhook brings something new of a type, its coverage starts. Runs before the insert. */
const startCoverage = `UPDATE coverage SET first_webhook_at = ?2
  WHERE type IN (SELECT value FROM json_each(?3)) AND first_webhook_at IS NULL
    AND EXISTS (SELECT 1 FROM json_each(?1) AS item WHERE item.value->>0 = coverage.type
                AND NOT EXISTS (SELECT 1 FROM events WHERE ${sameIdentity}))`

// The database's own guard skips what it already has, and its triggers write what corrections say.
const insert = `INSERT INTO events (type, content_type, content_id, user_id, occurred_at, recorded_at,
    parent_type, parent_id, locale, product, self)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, coalesce(value->>10, ?2), value->>5, value->>6, value->>7, value->>8, value->>9
  FROM json_each(?1) ORDER BY key`

/** A contribution in the log that a row names: the row's place, its position, and 1 when it has the row's facts. */
type Standing = [place: number, position: number, same: number]

// As one value: a thousand small objects take longer on their way out of the database than the query.
const readBack = `SELECT json_group_array(json_array(item.key, events.position, ${sameFacts})) AS standing
  FROM json_each(?1) AS item CROSS JOIN events WHERE ${sameIdentity}`

const standingOf = (result: D1Result | undefined): Standing[] =>
  JSON.parse(rowsOf<{ standing: string }>(result)[0]?.standing ?? '[]') as Standing[]

/**
 * Appends contributions in their order, each identity once: the first stands, within the batch too.
 * Rows written: 4 a recorded contribution, 0 for any other, and 1 when a type's coverage starts.
 */
export const appendContributions = (
  db: D1Database,
  contributions: readonly Recordable[],
  source: Source,
  now: Instant,
): Step<Verdict[]> => {
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
      // The first of an identity takes the new position; what names it again in this batch is compared like any other.
      return standingOf(results.at(-1))
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

/** What the log already says of an identity. */
export interface Known {
  status: 'duplicate' | 'conflict'
  position: number
}

/**
 * What appending contributions would make of them, each on its own, without writing: undefined for one that the
 * log does not have yet.
 */
export const compareContributions = (
  db: D1Database,
  contributions: readonly Contribution[],
): Step<(Known | undefined)[]> => {
  if (contributions.length === 0) return { statements: [], read: () => [] }
  return {
    statements: [db.prepare(readBack).bind(JSON.stringify(contributions.map(toRow)))],
    read: ([result]) => {
      const verdicts: (Known | undefined)[] = contributions.map(() => undefined)
      for (const [place, position, same] of standingOf(result)) {
        verdicts[place] = { status: same === 1 ? 'duplicate' : 'conflict', position }
      }
      return verdicts
    },
  }
}
