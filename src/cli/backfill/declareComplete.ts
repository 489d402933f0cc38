import type { ContributionType } from '../../contributions/contribution.ts'
import { append, nothing } from '../../log/append.ts'
import { readCoverage } from '../../log/coverage.ts'
import { runBatch } from '../../log/database.ts'
import { patiently } from '../platform/patience.ts'

/** Declares types whole from now on; one that is so already is left alone, and nothing is written for it. */
export const declareComplete = async (db: D1Database, types: readonly ContributionType[]): Promise<void> => {
  const [coverage] = await patiently(async () => await runBatch(db, readCoverage(db)))
  const at = Date.now()
  const declarations = types
    .filter((type) => !coverage[type].complete)
    .map((type) => ({ type, complete: true, since: null, at }))
  if (declarations.length === 0) return
  await patiently(async () => await append(db, { ...nothing, declarations }, 'backfill', at))
}
