import { Ranking } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import { readInSlices } from '../log/questions/slices.ts'
import { readTally, type Exclusion } from '../log/questions/tally.ts'

/** Ranks the users of a selection, slice by slice. Throws LogUnavailable. */
export const rankLog = async (
  db: D1Database,
  selection: Selection & { position: number },
  exclusion: Exclusion,
): Promise<Ranking> => {
  const ranking = new Ranking()
  for await (const changes of readInSlices(db, selection, (slice) => readTally(db, slice, exclusion))) {
    ranking.apply(changes)
  }
  return ranking
}
