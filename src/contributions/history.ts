import type { DayNumber } from './calendar.ts'

/** What users did on one day: `counts[i]` contributions (reversed ones taken off) of `userIds[i]`. */
export interface UserDay {
  day: DayNumber
  userIds: readonly number[]
  counts: readonly number[]
}

/**
 * For each point, how many users have at least `min` in the `windowDays` days before it: one pass over the days,
 * in order, that come into the window and leave it. `points` ascend; each user is there at most once a day.
 */
export const contributorHistory = (
  userDays: readonly UserDay[],
  points: readonly DayNumber[],
  windowDays: number,
  min: number,
): number[] => {
  const counts = new Map<number, number>()
  let contributors = 0
  const add = ({ userIds, counts: deltas }: UserDay, sign: 1 | -1): void => {
    for (const [index, userId] of userIds.entries()) {
      const before = counts.get(userId) ?? 0
      const after = before + sign * (deltas[index] ?? 0)
      counts.set(userId, after)
      contributors += Number(after >= min) - Number(before >= min)
    }
  }
  let entering = 0
  let leaving = 0
  return points.map((point) => {
    for (let next = userDays[entering]; next && next.day < point; next = userDays[entering]) {
      add(next, 1)
      entering += 1
    }
    for (
      let next = userDays[leaving];
      next && next.day < point - windowDays && leaving < entering;
      next = userDays[leaving]
    ) {
      add(next, -1)
      leaving += 1
    }
    return contributors
  })
}
