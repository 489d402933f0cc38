import type { Content, ContentLabel, Deletion } from '../contributions/contribution.ts'
import type { ContributionType } from '../definitions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import { rowsOf, storedOf, type Query } from './database.ts'

// The latest value of each field wins; of values with the same instant, the one that sorts last.
const newer = (field: string, at: string): string =>
  `(excluded.${field} IS NOT NULL AND (contents.${at} IS NULL
    OR (excluded.${at}, excluded.${field}) > (contents.${at}, contents.${field})))`

const label = `INSERT INTO contents (content_id, content_type, title, title_at, url, url_at)
  SELECT value->>0, value->>1, value->>2, iif(value->>2 IS NULL, NULL, value->>4), value->>3, iif(value->>3 IS NULL, NULL, value->>4)
  FROM json_each(?1) WHERE true ORDER BY key
  ON CONFLICT (content_id, content_type) DO UPDATE SET
    title = iif(${newer('title', 'title_at')}, excluded.title, title),
    title_at = iif(${newer('title', 'title_at')}, excluded.title_at, title_at),
    url = iif(${newer('url', 'url_at')}, excluded.url, url),
    url_at = iif(${newer('url', 'url_at')}, excluded.url_at, url_at)
  WHERE ${newer('title', 'title_at')} OR ${newer('url', 'url_at')}`

/**
 * Stores the titles and addresses of contents. Rows written: 1 for each content with a newer title or address, 0 for
 * any other.
 */
export const appendLabels = (db: D1Database, labels: readonly ContentLabel[]): Query<void> => {
  const rows = labels.map(({ content, title, url, at }) => [content.id, content.type, title, url, at])
  return { statements: [db.prepare(label).bind(JSON.stringify(rows))], read: () => undefined }
}

const insertDeletions = `INSERT INTO contents (content_id, content_type, deleted, deleted_at)
  SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?1) WHERE true ORDER BY key
  ON CONFLICT (content_id, content_type) DO UPDATE SET deleted = excluded.deleted, deleted_at = excluded.deleted_at
  WHERE ${newer('deleted', 'deleted_at')}
  RETURNING content_id, content_type, deleted, deleted_at`

/**
 * Stores deletions and undeletions, and reports whether each was newer than the stored one. Rows written: 1 if it was,
 * 0 if not.
 */
export const appendDeletions = (db: D1Database, deletions: readonly Deletion[]): Query<boolean[]> => {
  const rows = deletions.map(({ content, deleted, at }) => [content.id, content.type, deleted ? 1 : 0, at])
  return {
    statements: [db.prepare(insertDeletions).bind(JSON.stringify(rows))],
    read: ([result]) => storedOf(rows, result),
  }
}

/** What lists show of a contribution besides its counted values. */
export interface ListedFacts {
  title: string | null
  url: string | null
  /** When its content was deleted; null if it is not. */
  deletedAt: Instant | null
  /** Whether any amendment applies to it. */
  amended: boolean
}

/** The facts of a contribution about which nothing is stored. */
export const noListedFacts: ListedFacts = { title: null, url: null, deletedAt: null, amended: false }

// If the content was retracted as spam, titles and addresses from before that retraction are never shown.
const listedFacts = `SELECT item.key AS "index",
    iif(title_at > spam_at OR spam_at IS NULL, title) AS title, iif(url_at > spam_at OR spam_at IS NULL, url) AS url,
    iif(deleted, deleted_at) AS deleted_at, amended
  FROM (SELECT key, value->>0 AS type, value->>1 AS content_type, value->>2 AS content_id,
      (SELECT max(at) FROM corrections WHERE corrections.content_id = value->>2 AND corrections.content_type = value->>1
        AND retracted = 1 AND reason = 'spam') AS spam_at,
      EXISTS (SELECT 1 FROM amendments WHERE amendments.content_id = value->>2 AND amendments.content_type = value->>1
        AND amendments.type IN ('', value->>0)) AS amended
    FROM json_each(?1)) AS item
  LEFT JOIN contents ON contents.content_id = item.content_id AND contents.content_type = item.content_type
  WHERE amended OR contents.content_id IS NOT NULL`

interface ListedRow {
  index: number
  title: string | null
  url: string | null
  deleted_at: Instant | null
  amended: number
}

/** The listed facts of contributions, in the same order. Reads at most a few rows for each. */
export const readListedFacts = (
  db: D1Database,
  contributions: readonly { type: ContributionType; content: Content }[],
): Query<ListedFacts[]> => {
  const items = contributions.map(({ type, content }) => [type, content.type, content.id])
  return {
    statements: [db.prepare(listedFacts).bind(JSON.stringify(items))],
    read: ([result]) => {
      const rows = new Map(rowsOf<ListedRow>(result).map((row) => [row.index, row]))
      return contributions.map((_, index) => {
        const row = rows.get(index)
        if (row === undefined) return noListedFacts
        const { title, url, deleted_at: deletedAt, amended } = row
        return { title, url, deletedAt, amended: amended === 1 }
      })
    },
  }
}
