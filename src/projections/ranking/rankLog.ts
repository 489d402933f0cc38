import { Ranking } from '../../contributions/ranking.ts'
import type { Selection } from '../../contributions/selection.ts'
import { readDistinctCounts } from '../../log/queries/distinct.ts'
import { readInSlices } from '../../log/queries/slices.ts'
import { readTallies, type RankingKind } from '../../log/queries/tally.ts'

/**
 * Ranks the users of a selection by its measure, reading the log in steps. Returns one ranking per kind. Throws
 * LogUnavailable.
 */
export const rankLog = async <Kinds extends readonly RankingKind[]>(
  db: D1Database,
  selection: Selection & { position: number },
  ...kinds: Kinds
): Promise<{ [Index in keyof Kinds]: Ranking }> => {
  const rankings = kinds.map(() => new Ranking())
  const steps =
    selection.measure.of === 'contributions'
      ? readInSlices(db, selection, (slice) => readTallies(db, slice, kinds))
      : readDistinctCounts(db, selection, kinds)
  for await (const changes of steps) {
    for (const [index, ranking] of rankings.entries()) ranking.apply(changes[index] ?? [])
  }
  return rankings as { [Index in keyof Kinds]: Ranking }
}
