import type { Instant } from '../contributions/instant.ts'
import type { RankingSnapshot } from '../contributions/ranking.ts'
import type { Recounted, Visibility } from '../log/queries/audit.ts'
import type { Difference } from './auditTarget.ts'

/** Whether `order` has exactly the users who are not excluded, by descending count, then by ID. */
const isInOrder = ({ counts, excluded, order }: RankingSnapshot): boolean => {
  const ranked = excluded.reduce((sum, isExcluded) => sum + 1 - isExcluded, 0)
  if (ranked !== order.length) return false
  return order.every((slot, index) => {
    const before = order[index - 1]
    if (excluded[slot] !== 0) return false
    if (before === undefined) return true
    const [count = 0, countBefore = 0] = [counts[slot], counts[before]]
    return countBefore > count || (countBefore === count && before < slot)
  })
}

/**
 * Recounts a ranking slice by slice and compares it with the audited one. Takes 12 bytes per user, however long the log
 * is. Pure: no I/O, no clock.
 */
export class RankingRecount {
  #audited: RankingSnapshot
  #counts: Int32Array
  #newest: Float64Array
  #differs = new Set<Difference>()

  constructor(audited: RankingSnapshot) {
    this.#audited = audited
    this.#counts = new Int32Array(audited.userIds.length)
    this.#newest = new Float64Array(audited.userIds.length).fill(-Infinity)
    if (!isInOrder(audited)) this.#differs.add('order')
  }

  /** Adds a slice. All entries of a contribution are in one slice, so a slice never has a reversal without its original. */
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

  /** Compares who is ranked. `visibility` has only users who have not changed in the meantime. */
  addVisibility(visibility: readonly Visibility[], kind: 'board' | 'metric'): void {
    for (const { userId, isRanked, isCounted } of visibility) {
      const isListed = kind === 'board' ? isRanked : isCounted
      const slot = this.#slotOf(userId)
      if (slot !== -1 && (this.#audited.excluded[slot] === 0) !== isListed) this.#differs.add('flags')
    }
  }

  /** The differences. Call this after everything has been added. */
  differences(): Difference[] {
    const { counts, newest } = this.#audited
    if (this.#counts.some((count, slot) => count !== counts[slot])) this.#differs.add('counts')
    // An unknown last contribution is not drift: it is read from the log when it is shown.
    const isWrong = (known: number, slot: number): boolean =>
      !Number.isNaN(known) && known !== this.#newest[slot]
    if (newest.some(isWrong)) this.#differs.add('last contributions')
    return [...this.#differs]
  }

  #slotOf(userId: number): number {
    const { userIds } = this.#audited
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
