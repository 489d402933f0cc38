import { contributionTypes } from '../contributions/contribution.ts'
import { afterAllEvents, type Instant } from '../contributions/instant.ts'
import { standardWindows, windowAt } from '../contributions/window.ts'
import type { UserEventRow } from '../log/queries/events.ts'
import { EventDigest } from '../projections/user/eventDigest.ts'
import { noCounts, type Counts, type UserCounts } from '../projections/user/userCounts.ts'

/** A user's numbers without the moments that only say how long they hold. */
export type Numbers = Omit<UserCounts, 'countedAt' | 'validUntil'>

const addTo = <Key>(sums: Map<Key, number>, key: Key, delta: number): void => {
  const sum = (sums.get(key) ?? 0) + delta
  if (sum === 0) sums.delete(key)
  else sums.set(key, sum)
}

/**
 * Counts a user's events anew, by another way than a counter does: every number is a sum of deltas, so that nothing
 * is grouped by contribution. Memory grows with instants and documents only. Pure: no I/O, no clock.
 */
export class UserRecount {
  #digest = new EventDigest()
  #instants = new Map<Instant, number>()
  #documents = new Map<string, number>()
  #lifetime = noCounts()
  #windows: { from: Instant; counts: Counts }[]

  /** Live at an instant: windows begin so long before it and have no upper end. */
  constructor(now: Instant) {
    this.#windows = standardWindows.map((days) => ({
      from: windowAt(days, now, true).from,
      counts: noCounts(),
    }))
  }

  /** Takes in the next event, in position order. */
  add(event: Omit<UserEventRow, 'entry'>): void {
    this.#digest.add(event)
    const { delta, occurred_at: occurredAt, parent_type: parentType, parent_id: parentId } = event
    const type = contributionTypes.find((name) => name === event.type)
    if (type === undefined) return
    const stretches = [
      this.#lifetime,
      ...this.#windows.filter(({ from }) => occurredAt >= from).map(({ counts }) => counts),
    ]
    for (const counts of stretches) {
      counts[type] += delta
      counts.total += delta
    }
    addTo(this.#instants, occurredAt, delta)
    if (type === 'kb_edit' && parentType !== null && parentId !== null) {
      addTo(this.#documents, `${parentType} ${parentId}`, delta)
    }
  }

  /** The numbers of all that was added. */
  numbers(): Numbers {
    let [first, last] = [afterAllEvents, -afterAllEvents]
    for (const instant of this.#instants.keys()) {
      first = Math.min(first, instant)
      last = Math.max(last, instant)
    }
    const isEmpty = this.#instants.size === 0
    return {
      lifetime: this.#lifetime,
      windows: this.#windows.map(({ counts }) => counts),
      firstContributionAt: isEmpty ? null : first,
      lastContributionAt: isEmpty ? null : last,
      documents: this.#documents.size,
    }
  }

  /** The digest of all that was added; nothing can be added any more. */
  digest(): string {
    return this.#digest.finish()
  }
}
