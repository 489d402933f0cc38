import type { DayNumber } from './calendar.ts'

/** One day: `counts[i]` is the number of contributions that `userIds[i]` made, minus reversed ones. */
export interface UserDay {
  day: DayNumber
  userIds: readonly number[]
  counts: readonly number[]
}

/**
 * For each point, the number of users with at least `min` contributions in the `windowDays` days before it. Makes one
 * pass over `userDays`, which must be in day order, with each user at most once per day. `points` must be ascending.
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
  let expiring = 0
  return points.map((point) => {
    for (let next = userDays[entering]; next && next.day < point; next = userDays[entering]) {
      add(next, 1)
      entering += 1
    }
    for (
      let next = userDays[expiring];
      next && next.day < point - windowDays && expiring < entering;
      next = userDays[expiring]
    ) {
      add(next, -1)
      expiring += 1
    }
    return contributors
  })
}
