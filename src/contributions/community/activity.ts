import type { Instant } from '../instant.ts'

/** How the people of an interval relate to those of the interval before it, and how its contributions are spread. */
export interface Lifecycle {
  /** People with a contribution in the interval: the new, returning and resurrected ones together. */
  active: number
  /** Whose first contribution ever is in the interval. */
  new: number
  /** Who were active in the interval before too. */
  returning: number
  /** Who were not, but had contributed earlier. */
  resurrected: number
  /** Who were active in the interval before, but are not in this one. */
  dormant: number
  contributions: number
  /** The part of the contributions by the ten people with most, with four decimals; null without contributions. */
  topShare: number | null
  absenceFactor: number
}

/** The people who began in an interval, and how many of them were active in it and in each later one. */
export interface Cohort {
  size: number
  active: number[]
}

/** How many people's contributions make the top share. */
const topPeople = 10

/** A part of a whole with four decimals; null if there is no whole. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole) / 10_000

const sumOf = (counts: ArrayLike<number>, to = counts.length): number => {
  let sum = 0
  for (let index = 0; index < Math.min(to, counts.length); index += 1) sum += counts[index] ?? 0
  return sum
}

/**
 * The fewest people who made at least half of the contributions, 0 if there are none (CHAOSS, "Contributor Absence
 * Factor"). `counts` descend.
 */
export const absenceFactorOf = (counts: ArrayLike<number>): number => {
  const total = sumOf(counts)
  let sum = 0
  let people = 0
  while (2 * sum < total) {
    sum += counts[people] ?? 0
    people += 1
  }
  return people
}

/** The index of the interval that an instant is in: the last bound that is not after it; -1 for an instant before all. */
export const intervalAt = (bounds: readonly Instant[], instant: Instant): number => {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[middle] ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Distinct people with the numbers of their contributions. */
interface Counted {
  people: number[]
  /** Descending, without the people that they belong to. */
  counts: Int32Array
}

/**
 * Contributions that stand, by interval, and everybody's first one. A person is a slot: a number from 0 on. `bounds` are the
 * starts of adjacent intervals and the end of the last one.
 */
export class Activity {
  #bounds: readonly Instant[]
  #firsts: Float64Array
  /** The person of each contribution, by interval. */
  #people: number[][]

  constructor(bounds: readonly Instant[], slots: number) {
    this.#bounds = bounds
    this.#firsts = new Float64Array(slots).fill(Infinity)
    this.#people = bounds.slice(1).map(() => [])
  }

  /** Adds a contribution that stands, in any order, whether it lies in one of the intervals or not. */
  add(person: number, instant: Instant): void {
    if (instant < (this.#firsts[person] ?? 0)) this.#firsts[person] = instant
    this.#people[intervalAt(this.#bounds, instant)]?.push(person)
  }

  /** The lifecycle of every interval but the first, which is only compared with. */
  lifecycles(): Lifecycle[] {
    const counts = new Int32Array(this.#firsts.length)
    /** The last interval in which a person was active. */
    const lastActive = new Int32Array(this.#firsts.length).fill(-1)
    let activeBefore = 0
    const all = this.#people.map((listed, interval) => {
      const counted = this.#count(listed, counts)
      const found = { new: 0, returning: 0 }
      for (const person of counted.people) {
        if ((this.#firsts[person] ?? 0) >= (this.#bounds[interval] ?? 0)) found.new += 1
        else if (interval > 0 && lastActive[person] === interval - 1) found.returning += 1
        lastActive[person] = interval
      }
      const active = counted.people.length
      const dormant = activeBefore - found.returning
      activeBefore = active
      return {
        active,
        ...found,
        resurrected: active - found.new - found.returning,
        dormant,
        contributions: listed.length,
        topShare: shareOf(sumOf(counted.counts, topPeople), listed.length),
        absenceFactor: absenceFactorOf(counted.counts),
      }
    })
    return all.slice(1)
  }

  /** The cohort of every interval, each up to the last one. */
  cohorts(): Cohort[] {
    const counts = new Int32Array(this.#firsts.length)
    const cohorts = this.#people.map((_, interval) => ({
      size: 0,
      active: this.#people.slice(interval).map(() => 0),
    }))
    for (const [interval, listed] of this.#people.entries()) {
      for (const person of this.#count(listed, counts).people) {
        const began = intervalAt(this.#bounds, this.#firsts[person] ?? 0)
        const cohort = cohorts[began]
        if (cohort === undefined) continue
        cohort.active[interval - began] = (cohort.active[interval - began] ?? 0) + 1
        if (began === interval) cohort.size += 1
      }
    }
    return cohorts
  }

  /** Counts contributions by person; `counts` are zeros, and are left so. */
  #count(listed: readonly number[], counts: Int32Array): Counted {
    const people: number[] = []
    for (const person of listed) {
      const count = counts[person] ?? 0
      if (count === 0) people.push(person)
      counts[person] = count + 1
    }
    const descending = Int32Array.from(people, (person) => -(counts[person] ?? 0))
      .sort()
      .map((count) => -count)
    for (const person of people) counts[person] = 0
    return { people, counts: descending }
  }
}
