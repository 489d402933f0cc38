import type { Instant } from '../contributions/instant.ts'
import type { RankingSnapshot } from '../contributions/ranking.ts'
import type { Recounted, Visibility } from '../log/queries/audit.ts'
import type { Difference } from './auditTarget.ts'

/** Whether exactly those are ranked who have a place, by count descending, then by id. */
const isInOrder = ({ counts, excluded, order }: RankingSnapshot): boolean => {
  const places = excluded.reduce((sum, isExcluded) => sum + 1 - isExcluded, 0)
  if (places !== order.length) return false
  return order.every((slot, place) => {
    const before = order[place - 1]
    if (excluded[slot] !== 0) return false
    if (before === undefined) return true
    const [count = 0, countBefore = 0] = [counts[slot], counts[before]]
    return countBefore > count || (countBefore === count && before < slot)
  })
}

/**
 * A ranking counted anew, slice by slice, beside what an object holds of it: 12 bytes a user however long the log
 * is. Pure: no I/O, no clock.
 */
export class RankingRecount {
  #held: RankingSnapshot
  #counts: Int32Array
  #newest: Float64Array
  #differs = new Set<Difference>()

  constructor(held: RankingSnapshot) {
    this.#held = held
    this.#counts = new Int32Array(held.userIds.length)
    this.#newest = new Float64Array(held.userIds.length).fill(-Infinity)
    if (!isInOrder(held)) this.#differs.add('order')
  }

  /** Takes in a slice. All entries of a contribution lie in one, so no slice holds a reversal alone. */
  add({ userIds, counts, newests }: Recounted): void {
    for (const [index, userId] of userIds.entries()) {
      const slot = this.#slotOf(userId)
      const count = counts[index] ?? 0
      const newest: Instant | null = newests[index] ?? null
      if (slot === -1) {
        if (count !== 0) this.#differs.add('counts')
        continue
      }
      this.#counts[slot] = (this.#counts[slot] ?? 0) + count
      if (newest !== null) this.#newest[slot] = Math.max(this.#newest[slot] ?? -Infinity, newest)
    }
  }

  /** Compares who has a place, for users of whom the log is certain. */
  addVisibility(standings: readonly Visibility[], kind: 'board' | 'metric'): void {
    for (const { userId, isRanked, isCounted } of standings) {
      const hasPlace = kind === 'board' ? isRanked : isCounted
      const slot = this.#slotOf(userId)
      if (slot !== -1 && (this.#held.excluded[slot] === 0) !== hasPlace) this.#differs.add('flags')
    }
  }

  /** What differs, once everything is added. */
  differences(): Difference[] {
    const { counts, newest } = this.#held
    if (this.#counts.some((count, slot) => count !== counts[slot])) this.#differs.add('counts')
    // A last contribution that is not known is asked of the log when it is shown.
    const isWrong = (known: number, slot: number): boolean =>
      !Number.isNaN(known) && known !== this.#newest[slot]
    if (newest.some(isWrong)) this.#differs.add('last contributions')
    return [...this.#differs]
  }

  #slotOf(userId: number): number {
    const { userIds } = this.#held
    let [low, high] = [0, userIds.length - 1]
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = userIds[middle] ?? 0
      if (found === userId) return middle
      if (found < userId) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
