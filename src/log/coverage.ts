import type { CoverageDeclaration } from '../contributions/contribution.ts'
import { contributionTypes, type ContributionType } from '../definitions/definitions.ts'
import { earlierOf, type Instant } from '../contributions/instant.ts'
import { rowsOf, type Query } from './database.ts'
import type { CoverageRow } from './schema.ts'

/**
 * How far back a type's history reaches. `since` is null if the history is complete, or if nothing is known about it
 * yet.
 */
export interface Coverage {
  complete: boolean
  since: Instant | null
}

/** The coverage of every type. */
export const readCoverage = (db: D1Database): Query<Record<ContributionType, Coverage>> => ({
  statements: [db.prepare('SELECT * FROM coverage')],
  read: ([result]) => {
    const rows = new Map(rowsOf<CoverageRow>(result).map((row) => [row.type, row]))
    const entries = contributionTypes.map((type): [ContributionType, Coverage] => {
      const row = rows.get(type)
      if (!row) return [type, { complete: false, since: null }]
      const complete = row.complete === 1
      return [type, { complete, since: complete ? null : earlierOf(row.since, row.first_webhook_at) }]
    })
    return Object.fromEntries(entries)
  },
})

// The latest declaration wins. Between declarations of the same instant, a complete history wins, then the longer one.
const declare = `INSERT INTO coverage (type, declared_at, complete, since) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (type) DO UPDATE SET declared_at = ?2, complete = ?3, since = ?4
  WHERE declared_at IS NULL OR declared_at < ?2
    OR (declared_at = ?2 AND (complete < ?3 OR (complete = ?3 AND ?4 IS NOT NULL AND (since IS NULL OR since > ?4))))`

type Declared = Omit<CoverageDeclaration, 'type'>

/** Whether `said` replaces `known`, by the same rule as the statement above. */
const outranks = (said: Declared, known: Declared | undefined): boolean => {
  if (known === undefined || said.at !== known.at) return known === undefined || said.at > known.at
  if (said.complete !== known.complete) return said.complete
  return !said.complete && said.since !== null && (known.since === null || said.since < known.since)
}

/**
 * Stores the latest declaration of each type. Reports for each declaration whether it changed anything, applied in
 * order.
 */
export const declareCoverage = (
  db: D1Database,
  declarations: readonly CoverageDeclaration[],
): Query<boolean[]> => {
  const latest = new Map<ContributionType, CoverageDeclaration>()
  for (const said of declarations) if (outranks(said, latest.get(said.type))) latest.set(said.type, said)
  return {
    statements: [
      db.prepare('SELECT * FROM coverage WHERE declared_at IS NOT NULL'),
      ...[...latest.values()].map(({ type, at, complete, since }) =>
        db.prepare(declare).bind(type, at, complete ? 1 : 0, complete ? null : since),
      ),
    ],
    read: ([before]) => {
      const rows = rowsOf<CoverageRow>(before)
      const known = new Map<string, Declared>(
        rows.map((row) => [
          row.type,
          { at: row.declared_at ?? 0, complete: row.complete === 1, since: row.since },
        ]),
      )
      return declarations.map((said) => {
        if (!outranks(said, known.get(said.type))) return false
        known.set(said.type, said)
        return true
      })
    },
  }
}
