import { contributionTypes, type ContributionType } from '../definitions/definitions.ts'
import type { CoverageDeclaration } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { mapQuery, rowsOf, type Query } from './database.ts'
import { builder, prepareQuery } from './prepareQuery.ts'
import { coverage } from './schema.ts'

/** How far back a type's history reaches. `since` is null if the history is complete, or if there is none yet. */
export interface Coverage {
  complete: boolean
  since: Instant | null
}

// The latest declaration wins; at the same instant a complete history, and of two incomplete ones the longer.
const declare = `INSERT INTO coverage (type, declared_at, complete, since) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (type) DO UPDATE SET declared_at = ?2, complete = ?3, since = ?4
  WHERE declared_at IS NULL OR declared_at < ?2
    OR (declared_at = ?2 AND (complete < ?3 OR (complete = ?3 AND ?4 IS NOT NULL AND (since IS NULL OR since > ?4))))
  RETURNING type`

/** Whether `said` replaces `known`, by the rule of the statement above. */
const outranks = (said: CoverageDeclaration, known: CoverageDeclaration): boolean => {
  if (said.at !== known.at) return said.at > known.at
  if (said.complete !== known.complete) return said.complete
  return !said.complete && said.since !== null && (known.since === null || said.since < known.since)
}

/** Stores what a backfill declares. Reports whether each declaration changed what is known of its type. */
export const declareCoverage = (
  db: D1Database,
  declarations: readonly CoverageDeclaration[],
): Query<boolean[]> => {
  const latest = new Map<ContributionType, CoverageDeclaration>()
  for (const said of declarations) {
    const known = latest.get(said.type)
    if (!known || outranks(said, known)) latest.set(said.type, said)
  }
  const declared = [...latest.values()]
  return {
    statements: declared.map(({ type, at, complete, since }) =>
      db.prepare(declare).bind(type, at, complete ? 1 : 0, complete ? null : since),
    ),
    read: (results) => {
      const changed = new Set(declared.filter((_, index) => rowsOf(results[index]).length > 0))
      return declarations.map((said) => changed.has(said))
    },
  }
}

const earliest = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right)

const coverageRows = prepareQuery(builder.select().from(coverage))

/** The coverage of every type. */
export const readCoverage = (db: D1Database): Query<Record<ContributionType, Coverage>> =>
  mapQuery(coverageRows(db), (found) => {
    const rows = new Map(found.map((row) => [row.type, row]))
    const entries = contributionTypes.map((type): [ContributionType, Coverage] => {
      const row = rows.get(type)
      if (!row) return [type, { complete: false, since: null }]
      const complete = row.complete === 1
      return [type, { complete, since: complete ? null : earliest(row.since, row.first_webhook_at) }]
    })
    return Object.fromEntries(entries)
  })
