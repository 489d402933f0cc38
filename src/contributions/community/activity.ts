import type { Instant } from '../instant.ts'

/**
 * How the people active in an interval relate to those of the previous interval, and how concentrated the contributions
 * are.
 */
export interface Lifecycle {
  /** People with a contribution in the interval: new, returning and resurrected together. */
  active: number
  /** People whose first contribution of all time is in the interval. */
  new: number
  /** People who were also active in the previous interval. */
  returning: number
  /** People who were not active in the previous interval, but had contributed before it. */
  resurrected: number
  /** People who were active in the previous interval but not in this one. */
  dormant: number
  contributions: number
  /** The share of contributions made by the ten most active people, rounded to four decimals; null if there are none. */
  topShare: number | null
  absenceFactor: number
}

/** The people whose first contribution is in an interval, and how many of them were active in it and in each later one. */
export interface Cohort {
  size: number
  active: number[]
}

/** The number of people in `topShare`. */
const topPeople = 10

/** A share rounded to four decimals; null if the whole is 0. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole) / 10_000

const sumOf = (counts: ArrayLike<number>, to = counts.length): number => {
  let sum = 0
  for (let index = 0; index < Math.min(to, counts.length); index += 1) sum += counts[index] ?? 0
  return sum
}

/**
 * The smallest number of people who made at least half of all contributions; 0 if there are none (CHAOSS, "Contributor
 * Absence Factor"). `counts` are in descending order.
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

/** How many of the ascending numbers are at most `limit`. */
export const countUpTo = (ascending: ArrayLike<number>, limit: number): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the last bound at or before an instant; -1 if there is none. */
export const intervalAt = (bounds: readonly Instant[], instant: Instant): number =>
  countUpTo(bounds, instant) - 1

/** Distinct people, and their numbers of contributions. */
interface Counted {
  people: number[]
  /** In descending order, so not aligned with `people`. */
  counts: Int32Array
}

/**
 * Standing contributions by interval, and the first contribution of each person. People are numbered from 0. `bounds`
 * are the starts of adjacent intervals and the end of the last one.
 */
export class Activity {
  #bounds: readonly Instant[]
  #firsts: Float64Array
  /** The contributor of each contribution, by interval. */
  #people: number[][]

  constructor(bounds: readonly Instant[], slots: number) {
    this.#bounds = bounds
    this.#firsts = new Float64Array(slots).fill(Infinity)
    this.#people = bounds.slice(1).map(() => [])
  }

  /** Adds a standing contribution. The order does not matter, and it may lie outside the intervals. */
  add(person: number, instant: Instant): void {
    if (instant < (this.#firsts[person] ?? 0)) this.#firsts[person] = instant
    this.#people[intervalAt(this.#bounds, instant)]?.push(person)
  }

  /** The lifecycle of each interval except the first, which serves only for comparison. */
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

  /** The cohort of each interval, with its activity up to the last interval. */
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

  /** Counts contributions by person. `counts` is scratch space: all zeros before and after the call. */
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
