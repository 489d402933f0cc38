import { contributionTypes, documentsType, forEachType, isDefined } from '../definitions/definitions.ts'
import { type Instant, standardWindows, windowAt } from '../contributions/instant.ts'
import type { UserEventRow } from '../log/queries/events.ts'
import { EventDigest } from '../projections/user/eventDigest.ts'
import { noCounts, type Counts, type InstantByType, type UserCounts } from '../projections/user/userCounts.ts'

/** A user's counts, without their validity range. */
export type Numbers = Omit<UserCounts, 'countedAt' | 'validUntil'>

const addTo = <Key>(sums: Map<Key, number>, key: Key, delta: number): void => {
  const sum = (sums.get(key) ?? 0) + delta
  if (sum === 0) sums.delete(key)
  else sums.set(key, sum)
}

/**
 * Recounts a user's events independently of the counter: every number is a sum of deltas, and nothing is grouped by
 * contribution. Memory grows only with distinct instants and documents. Pure: no I/O, no clock.
 */
export class UserRecount {
  #digest = new EventDigest()
  /** The number of standing contributions at each instant, by type. */
  #instants = new Map(contributionTypes.map((type) => [type, new Map<Instant, number>()]))
  #documents = new Map<string, number>()
  #lifetime = noCounts()
  #windows: { from: Instant; counts: Counts }[]

  /** Counts live windows, which have no upper bound. */
  constructor(now: Instant) {
    this.#windows = standardWindows.map((days) => ({
      from: windowAt(days, now, true).from,
      counts: noCounts(),
    }))
  }

  /** Adds the next event, in position order. */
  add(event: UserEventRow): void {
    this.#digest.add(event)
    const { delta, occurred_at: occurredAt, parent_type: parentType, parent_id: parentId } = event
    const { type } = event
    if (!isDefined(type)) return
    const affected = [
      this.#lifetime,
      ...this.#windows.filter(({ from }) => occurredAt >= from).map(({ counts }) => counts),
    ]
    for (const counts of affected) {
      counts[type] = (counts[type] ?? 0) + delta
      counts.total += delta
    }
    addTo(this.#instants.get(type) ?? new Map(), occurredAt, delta)
    if (type === documentsType && parentType !== null && parentId !== null) {
      addTo(this.#documents, `${parentType} ${parentId}`, delta)
    }
  }

  /** The counts of all added events. */
  numbers(): Numbers {
    return {
      lifetime: this.#lifetime,
      windows: this.#windows.map(({ counts }) => counts),
      first: this.#instantByType(Math.min),
      last: this.#instantByType(Math.max),
      documents: this.#documents.size,
    }
  }

  #instantByType(choose: (one: Instant, other: Instant) => Instant): InstantByType {
    return forEachType(({ type }) => {
      const instants = [...(this.#instants.get(type)?.keys() ?? [])]
      return instants.length === 0 ? null : instants.reduce((one, other) => choose(one, other))
    })
  }

  /** The digest of all added events. No events can be added afterwards. */
  digest(): string {
    return this.#digest.finish()
  }
}
