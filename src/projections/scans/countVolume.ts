import type { Stretch } from '../../contributions/calendar.ts'
import type { Selection } from '../../contributions/selection.ts'
import { compareCodePoints } from '../../contributions/user.ts'
import { runBatch } from '../../log/database.ts'
import { readVolume, readVolumeByName, type VolumeCell, type VolumeGroup } from '../../log/queries/volume.ts'

/** The intervals to count, and the grouping. */
export interface VolumePart {
  /** Stretches of whole intervals; the pieces of a stretch are its intervals. */
  stretches: Stretch[]
  groupBy: VolumeGroup | undefined
  /** The number of names that get their own cell; all others share one. */
  namesMax: number
}

/** The `limit` names with the highest volumes, highest first, then by name. */
export const namesWithMost = (volumes: ReadonlyMap<string, number>, limit: number): string[] =>
  [...volumes]
    .sort(([one, more], [other, less]) => less - more || compareCodePoints(one, other))
    .slice(0, limit)
    .map(([name]) => name)

/** The names that get their own cell; undefined for all. */
const namesOf = async (
  db: D1Database,
  selection: Selection,
  { stretches, groupBy, namesMax }: VolumePart,
): Promise<string[] | undefined> => {
  if (groupBy === undefined || (groupBy === 'type' && selection.rule.types.length <= namesMax))
    return undefined
  const volumes = new Map<string, number>()
  for (const { window } of stretches) {
    const [found] = await runBatch(db, readVolumeByName(db, { ...selection, window }, groupBy))
    for (const { name, contributions } of found) volumes.set(name, (volumes.get(name) ?? 0) + contributions)
    await scheduler.wait(0)
  }
  return namesWithMost(volumes, namesMax)
}

/**
 * Counts a selection by interval and name, without system accounts. Yields to timers and other calls between stretches.
 * Throws LogUnavailable.
 */
export const countVolume = async (
  db: D1Database,
  selection: Selection,
  part: VolumePart,
): Promise<VolumeCell[]> => {
  const naming = { groupBy: part.groupBy, names: await namesOf(db, selection, part) }
  const cells: VolumeCell[] = []
  for (const { window, pieces } of part.stretches) {
    const [found] = await runBatch(db, readVolume(db, { ...selection, window }, pieces, naming))
    for (const cell of found) cells.push(cell)
    await scheduler.wait(0)
  }
  return cells
}
