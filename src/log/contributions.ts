import type { Contribution, ContentLabel } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import type { ContributionType } from '../definitions/definitions.ts'
import { rowsOf, runBatchWithin, type Query } from './database.ts'

/** The outcome of appending a contribution. `position` is that of the recorded contribution with this identity. */
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

/** The columns of an event that identify its contribution, and those of its facts. */
const identityColumns = ['type', 'content_type', 'content_id']
const factColumns = ['user_id', 'occurred_at', 'parent_type', 'parent_id', 'locale', 'product', 'self']

type Row = [
  type: ContributionType,
  contentType: string,
  contentId: string,
  userId: number,
  occurredAt: Instant,
  ...others: (string | number | null)[],
]

/** The values of `identityColumns`, then of `factColumns`: an array, because its JSON is a tenth shorter than an object's. */
export const toRow = (contribution: Contribution): Row => [
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
]

const sameIdentity = `events.content_id = item.value->>2 AND events.content_type = item.value->>1
  AND events.type = item.value->>0 AND events.entry = 0`

const sameFacts = `events.user_id = item.value->>3 AND events.occurred_at = item.value->>4
  AND events.parent_type IS item.value->>5 AND events.parent_id IS item.value->>6
  AND events.locale = item.value->>7 AND events.product = item.value->>8 AND events.self = item.value->>9`

const insertedColumns = [...identityColumns, ...factColumns, 'recorded_at']

/*
 * A trigger skips known identities; other triggers add entries for corrections that arrived earlier. `json_each` with a
 * path reads a value without a function, and OR FAIL undoes nothing (the transaction does), so that SQLite keeps no
 * journal of the statement. With `->>`, it would copy each page that the statement changes. With `jsonb_each`, `json_each`
 * need not parse each row again.
 */
const insert = `INSERT OR FAIL INTO events (${insertedColumns.join(', ')})
  SELECT ${insertedColumns.map((column) => `${column}.value`).join(', ')} FROM jsonb_each(?1) AS item
  ${insertedColumns.map((column, index) => `CROSS JOIN json_each(item.value, '$[${index}]') AS ${column}`).join('\n  ')}
  ORDER BY item.rowid`

/*
 * After the insert, and until another statement writes, changes() is the number of rows that the insert itself added;
 * rows written by triggers do not count. These rows are the newest events with entry 0.
 */
const recorded = (column: string): string =>
  `SELECT ${column} FROM events WHERE entry = 0 ORDER BY position DESC LIMIT changes()`

// Lists are returned as one JSON value, because a thousand small objects would take longer than the query.
const positionsOfRecorded = `SELECT json_group_array(position) FROM (${recorded('position')})`

/**
 * The recorded contribution with a row's identity: the row's index, the contribution's position, and 1 if the facts are
 * equal.
 */
type LogMatch = [index: number, position: number, same: number]

const matchesOf = (rows: string): string =>
  `SELECT json_group_array(json_array(item.key, events.position, ${sameFacts}))
  FROM jsonb_each(${rows}) AS item CROSS JOIN events WHERE ${sameIdentity}`

/** The positions of what was recorded, newest first, and the match of each row of ?1 unless all ?2 were recorded. */
const readBack = `SELECT (${positionsOfRecorded}) AS positions, (${matchesOf(`iif(changes() < ?2, ?1, '[]')`)}) AS matches`

/**
 * Starts a type's coverage when a webhook first records a contribution of that type. With LIMIT 0, the new rows are not
 * read, once the coverage of every type of the batch (?2) has started.
 */
const startCoverage = `INSERT INTO coverage (type, first_webhook_at)
  SELECT DISTINCT type, ?1 FROM (${recorded('type')}) AS new
  WHERE NOT EXISTS (SELECT 1 FROM coverage WHERE type = new.type AND first_webhook_at IS NOT NULL)
  LIMIT iif(EXISTS (SELECT 1 FROM json_each(?2) WHERE value NOT IN (SELECT type FROM coverage WHERE first_webhook_at IS NOT NULL)), -1, 0)
  ON CONFLICT (type) DO UPDATE SET first_webhook_at = excluded.first_webhook_at`

/** The lists that a statement above returned, as JSON. */
interface Lists {
  positions?: string
  matches?: string
}

const listsOf = (result: D1Result | undefined): { positions: number[]; matches: LogMatch[] } => {
  const { positions = '[]', matches = '[]' } = rowsOf<Lists>(result)[0] ?? {}
  return { positions: JSON.parse(positions) as number[], matches: JSON.parse(matches) as LogMatch[] }
}

/** How a contribution compares with the recorded one that has its identity. */
export interface Known {
  status: 'duplicate' | 'conflict'
  position: number
}

/** For each row, how it compares with its match; undefined if it has none. */
const knownOf = (rows: readonly unknown[], matches: readonly LogMatch[]): (Known | undefined)[] => {
  const known: (Known | undefined)[] = rows.map(() => undefined)
  for (const [index, position, same] of matches)
    known[index] = { status: same === 1 ? 'duplicate' : 'conflict', position }
  return known
}

/**
 * The longest JSON text of rows that are compared with the log in the transaction that inserts them. Longer ones are
 * compared by a second call, and only if some were not recorded, because comparing them at once would bind them twice.
 */
const comparedAtOnceMax = 65_536

/** What appending a batch of contributions returns. */
export interface AppendedContributions {
  /** The positions of those that were recorded, ascending: the first of each new identity. */
  positions: number[]
  /** For each contribution, how it compares with the recorded one of the same identity; undefined if none was looked up. */
  known: (Known | undefined)[] | undefined
}

/**
 * Appends contributions in order. Only the first one of each identity is recorded, also within the batch; `readVerdicts`
 * says which. Rows written: 4 for each recorded contribution, 0 for any other, and 1 when a type's coverage starts.
 */
export const appendContributions = (
  db: D1Database,
  contributions: readonly Recordable[],
  source: Source,
  now: Instant,
): Query<AppendedContributions> => {
  if (contributions.length === 0) return { statements: [], read: () => ({ positions: [], known: [] }) }
  const rows = JSON.stringify(
    contributions.map((contribution) => [...toRow(contribution), contribution.recordedAt ?? now]),
  )
  const isComparedAtOnce = rows.length <= comparedAtOnceMax
  const types = JSON.stringify([...new Set(contributions.map(({ type }) => type))])
  return {
    statements: [
      db.prepare(insert).bind(rows),
      db.prepare(readBack).bind(isComparedAtOnce ? rows : '[]', contributions.length),
      ...(source === 'webhook' ? [db.prepare(startCoverage).bind(now, types)] : []),
    ],
    read: ([, result]) => {
      const { positions, matches } = listsOf(result)
      return {
        positions: positions.toReversed(),
        known: isComparedAtOnce ? knownOf(contributions, matches) : undefined,
      }
    },
  }
}

/**
 * The verdict that each contribution would get if it were appended alone; undefined if it would be recorded. Writes
 * nothing.
 */
export const compareContributions = (
  db: D1Database,
  contributions: readonly Contribution[],
): Query<(Known | undefined)[]> => {
  if (contributions.length === 0) return { statements: [], read: () => [] }
  const rows = JSON.stringify(contributions.map(toRow))
  return {
    statements: [db.prepare(`SELECT (${matchesOf('?1')}) AS matches`).bind(rows)],
    read: ([result]) => knownOf(contributions, listsOf(result).matches),
  }
}

/**
 * The verdict on each contribution of a batch, given what `appendContributions` returned. Asks D1 only if some were known
 * or repeated and were not compared at once.
 */
export const readVerdicts = async (
  db: D1Database,
  contributions: readonly Contribution[],
  { positions, known }: AppendedContributions,
  milliseconds: number,
): Promise<Verdict[]> => {
  if (positions.length === contributions.length)
    return positions.map((position) => ({ status: 'recorded', position }))
  const compared =
    known ?? (await runBatchWithin(milliseconds, db, compareContributions(db, contributions)))[0]
  const unmatched = new Set(positions)
  return compared.map((verdict) => {
    if (verdict === undefined) throw new Error('The log lacks a contribution that it was given')
    // Of equal identities, the first was recorded.
    return unmatched.delete(verdict.position) ? { status: 'recorded', position: verdict.position } : verdict
  })
}

// The latest value of each field wins; of values with the same instant, the one that sorts last.
const isNewer = (
  field: 'title' | 'url',
): string => `(excluded.${field} IS NOT NULL AND (contents.${field}_at IS NULL
    OR (excluded.${field}_at, excluded.${field}) > (contents.${field}_at, contents.${field})))`

const insertLabels = `INSERT INTO contents (content_id, content_type, title, title_at, url, url_at)
  SELECT value->>0, value->>1, value->>2, iif(value->>2 IS NULL, NULL, value->>4), value->>3, iif(value->>3 IS NULL, NULL, value->>4)
  FROM json_each(?1) WHERE true ORDER BY key
  ON CONFLICT (content_id, content_type) DO UPDATE SET
    title = iif(${isNewer('title')}, excluded.title, title),
    title_at = iif(${isNewer('title')}, excluded.title_at, title_at),
    url = iif(${isNewer('url')}, excluded.url, url),
    url_at = iif(${isNewer('url')}, excluded.url_at, url_at)
  WHERE ${isNewer('title')} OR ${isNewer('url')}`

/**
 * Stores the titles and addresses of contents. Rows written: 1 for each content with a newer title or address, 0 for
 * any other.
 */
export const appendLabels = (db: D1Database, labels: readonly ContentLabel[]): Query<void> => {
  const rows = labels.map(({ content, title, url, at }) => [content.id, content.type, title, url, at])
  return { statements: [db.prepare(insertLabels).bind(JSON.stringify(rows))], read: () => undefined }
}
