import type { ContributionType } from '../contributions/contribution.ts'
import { Ranking } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import { ask } from '../log/database.ts'
import { readSliceEnd, readTally, type Exclusion } from '../log/questions/tally.ts'

/**
 * Ranks the users of a selection, slice by slice, so that no ranking keeps D1 from the webhooks for long. What is at
 * or below a position never changes, so the slices of one position fit together whatever is appended between them.
 * Throws LogUnavailable.
 */
export const rankLog = async (
  db: D1Database,
  selection: Selection & { position: number },
  exclusion: Exclusion,
): Promise<Ranking> => {
  const ranking = new Ranking()
  for (const type of selection.rule.types) await rankType(db, ranking, selection, type, exclusion)
  return ranking
}

/** With each slice is asked where the next one ends. */
const rankType = async (
  db: D1Database,
  ranking: Ranking,
  selection: Selection,
  type: ContributionType,
  exclusion: Exclusion,
): Promise<void> => {
  const rule = { ...selection.rule, types: [type] }
  const { to } = selection.window
  let { from } = selection.window
  let [end] = await ask(db, readSliceEnd(db, type, from, to))
  while (from < to) {
    const slice = { ...selection, rule, window: { from, to: end } }
    const [changes, nextEnd] = await ask(db, readTally(db, slice, exclusion), readSliceEnd(db, type, end, to))
    ranking.apply(changes)
    from = end
    end = nextEnd
  }
}
