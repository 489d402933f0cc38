import { Ranking } from '../../contributions/ranking.ts'
import type { Selection } from '../../contributions/selection.ts'
import { readInSlices } from '../../log/queries/slices.ts'
import { readTally, type RankingKind } from '../../log/queries/tally.ts'

/** Ranks the users of a selection, slice by slice. Throws LogUnavailable. */
export const rankLog = async (
  db: D1Database,
  selection: Selection & { position: number },
  kind: RankingKind,
): Promise<Ranking> => {
  const ranking = new Ranking()
  for await (const changes of readInSlices(db, selection, (slice) => readTally(db, slice, kind))) {
    ranking.apply(changes)
  }
  return ranking
}
