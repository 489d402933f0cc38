import { generateMersenne53Randomizer, type Randomizer } from '@faker-js/faker'

/** Pseudorandom numbers. The same seed and sequence of calls give the same results. */
export class Chance {
  /** Faker uses it too. */
  readonly randomizer: Randomizer

  constructor(seed: number) {
    this.randomizer = generateMersenne53Randomizer(seed)
  }

  /** A number in [0, 1). */
  next(): number {
    return this.randomizer.next()
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** A random item of a list, which must not be empty. */
  of<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('Cannot draw from an empty list')
    return item
  }

  /** An exponentially distributed waiting time with the given mean. */
  waiting(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, draw: this.next() }))
      .sort((left, right) => left.draw - right.draw)
      .map(({ item }) => item)
  }
}

/** Draws items by weight. At least one weight must be above 0. */
export class Lottery<Item> {
  #items: readonly Item[]
  #upTo: number[] = []
  #total = 0

  constructor(items: readonly Item[], weightOf: (item: Item) => number) {
    this.#items = items
    for (const item of items) {
      this.#total += weightOf(item)
      this.#upTo.push(this.#total)
    }
  }

  draw(chance: Chance): Item {
    const mark = chance.next() * this.#total
    let low = 0
    for (let high = this.#upTo.length - 1; low < high;) {
      const middle = Math.floor((low + high) / 2)
      if ((this.#upTo[middle] ?? 0) > mark) high = middle
      else low = middle + 1
    }
    const item = this.#items[low]
    if (item === undefined) throw new Error('Cannot draw from an empty lottery')
    return item
  }
}
