import { contributionTypes, type ContributionType } from '../definitions/definitions.ts'
import type { Instant } from '../contributions/instant.ts'
import { mapQuery, type Query } from './database.ts'
import { builder, prepareQuery } from './prepareQuery.ts'
import { coverage } from './schema.ts'

/**
 * How far back a type's history reaches. `since` is null if the history is complete, or if nothing is known about it
 * yet.
 */
export interface Coverage {
  complete: boolean
  since: Instant | null
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
