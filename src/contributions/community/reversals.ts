import type { Instant } from '../instant.ts'

/**
 * Reversed contributions that a count must leave out: `take` says of each contribution whether one of them is its reversal,
 * and each reversal is taken once. A slot is a small number for whatever the contributions are counted by. All reversals are
 * added before the first is taken.
 */
export class Reversals {
  #slots: number[] = []
  #instants: number[] = []
  /** The instants of each slot, ascending, those of slot n from `starts[n]` on; undefined until the first is taken. */
  #sorted: { starts: Uint32Array; instants: Float64Array; taken: Uint32Array } | undefined

  add(slot: number, instant: Instant): void {
    this.#slots.push(slot)
    this.#instants.push(instant)
  }

  /** Whether a contribution of a slot at an instant has a reversal that was not taken yet. Takes it. */
  take(slot: number, instant: Instant): boolean {
    if (this.#slots.length === 0) return false
    this.#sorted ??= this.#sort()
    const { starts, instants, taken } = this.#sorted
    const end = starts[slot + 1] ?? 0
    let low = starts[slot] ?? end
    let high = end
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((instants[middle] ?? 0) < instant) low = middle + 1
      else high = middle
    }
    // Those of one instant are taken one after the other; the first of them counts how many were.
    const next = low + (taken[low] ?? 0)
    if (next >= end || instants[next] !== instant) return false
    taken[low] = (taken[low] ?? 0) + 1
    return true
  }

  #sort(): { starts: Uint32Array; instants: Float64Array; taken: Uint32Array } {
    const last = this.#slots.reduce((most, slot) => Math.max(most, slot), 0)
    const starts = new Uint32Array(last + 2)
    for (const slot of this.#slots) starts[slot + 1] = (starts[slot + 1] ?? 0) + 1
    for (let slot = 0; slot <= last; slot += 1)
      starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0)
    const instants = new Float64Array(this.#slots.length)
    const next = starts.slice()
    for (const [index, slot] of this.#slots.entries()) {
      const place = next[slot] ?? 0
      next[slot] = place + 1
      instants[place] = this.#instants[index] ?? 0
    }
    for (let slot = 0; slot <= last; slot += 1) instants.subarray(starts[slot], starts[slot + 1]).sort()
    return { starts, instants, taken: new Uint32Array(instants.length) }
  }
}
