import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded random generator: the same seed gives the same values in the same order. */
export class Random {
  #generator: ReturnType<typeof xoroshiro128plus>

  /** `seeds` are hashed into one seed, because similar seeds would start with similar values. */
  constructor(...seeds: readonly (number | string)[]) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(seeds.join(' ')).digest().readInt32LE())
  }

  /** A number in [0, 1). */
  share(): number {
    return uniformFloat64(this.#generator)
  }

  /** A whole number in [from, to). */
  whole(from: number, to: number): number {
    return from + Math.floor(this.share() * (to - from))
  }

  isOnce(inSoMany: number): boolean {
    return this.share() * inSoMany < 1
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length)] ?? items[0]
  }

  /** A random item by weight. */
  weighed<Item>(items: readonly [[weight: number, Item], ...[weight: number, Item][]]): Item {
    let left = this.share() * items.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, item] of items) {
      if (left < weight) return item
      left -= weight
    }
    return items[0][1]
  }
}
