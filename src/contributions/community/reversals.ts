import type { Instant } from '../instant.ts'

/**
 * Matches reversals with contributions, so that a count can leave out reversed ones: `take` reports whether a
 * contribution has a reversal, and uses each reversal once. A slot is the number of a person or a thread. All reversals
 * must be added before the first call of `take`.
 */
export class Reversals {
  #slots: number[] = []
  #instants: number[] = []
  /** The instants by slot, ascending; those of slot n start at `starts[n]`. undefined until the first call of `take`. */
  #sorted: { starts: Uint32Array; instants: Float64Array; taken: Uint32Array } | undefined

  add(slot: number, instant: Instant): void {
    this.#slots.push(slot)
    this.#instants.push(instant)
  }

  /** Whether a contribution has a reversal that has not been taken yet; takes it. */
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
    // Equal instants are taken one by one; `taken` of the first counts how many.
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
