import type { Instant } from '../instant.ts'
import { intervalAt } from './activity.ts'

const hourMilliseconds = 3_600_000
const promptHours = [24, 72] as const

/** How the questions of an interval were answered. */
export interface ResponseTimes {
  questions: number
  /** With a reply; with one at most 24 hours, and at most 72 hours, after the question. */
  replied: number
  replied24h: number
  replied72h: number
  solved: number
  /** Hours to the first reply of those that have one, with two decimals; null if none has. */
  medianHours: number | null
  p90Hours: number | null
  /** Asked less than 72 hours before the answer's instant, without a reply. */
  open: number
}

/** Hours with two decimals. */
const hoursOf = (milliseconds: number): number => Math.round(milliseconds / (hourMilliseconds / 100)) / 100

/** The median of ascending numbers: the mean of the middle two of an even number. null if there are none. */
const medianOf = (ascending: Float64Array): number | null => {
  const middle = ascending.length >>> 1
  const upper = ascending[middle]
  if (upper === undefined) return null
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2
}

/** The nearest-rank percentile of ascending numbers: the least that `percent` of them do not exceed. null if there are none. */
export const percentileOf = (ascending: Float64Array, percent: number): number | null =>
  ascending[Math.ceil((ascending.length * percent) / 100) - 1] ?? null

/**
 * Questions with their first replies and solutions. A thread is a number from 0 on for the content that a question is about,
 * a person a number. Questions are added before replies.
 */
export class Questions {
  /** The place of each thread's question in the lists below, plus 1; 0 for a thread without one. */
  #places: Uint32Array
  #askedAt: Instant[] = []
  #askers: number[] = []
  #repliedAt: Instant[] = []
  #isSolved: boolean[] = []

  constructor(threads: number) {
    this.#places = new Uint32Array(threads)
  }

  ask(thread: number, asker: number, instant: Instant): void {
    const place = this.#places[thread] || this.#askedAt.length + 1
    this.#places[thread] = place
    this.#askedAt[place - 1] = instant
    this.#askers[place - 1] = asker
    this.#repliedAt[place - 1] = Infinity
    this.#isSolved[place - 1] = false
  }

  /** Takes back what `ask` added. */
  withdraw(thread: number): void {
    const place = this.#places[thread] ?? 0
    if (place > 0) this.#askedAt[place - 1] = NaN
  }

  /** Whether a contribution of a person to a thread replies to its question: by someone else, and not before it. */
  isReply(thread: number, person: number, instant: Instant): boolean {
    const index = (this.#places[thread] ?? 0) - 1
    return index >= 0 && this.#askers[index] !== person && instant >= (this.#askedAt[index] ?? NaN)
  }

  reply(thread: number, instant: Instant): void {
    const index = (this.#places[thread] ?? 0) - 1
    if (index >= 0 && instant < (this.#repliedAt[index] ?? 0)) this.#repliedAt[index] = instant
  }

  solve(thread: number): void {
    const index = (this.#places[thread] ?? 0) - 1
    if (index >= 0) this.#isSolved[index] = true
  }

  /** The response times by interval; `bounds` are the starts of adjacent intervals and the end of the last one. */
  responseTimes(bounds: readonly Instant[], asOf: Instant): ResponseTimes[] {
    const byInterval: number[][] = bounds.slice(1).map(() => [])
    for (const [index, askedAt] of this.#askedAt.entries())
      byInterval[intervalAt(bounds, askedAt)]?.push(index)
    return byInterval.map((questions) => this.#timesOf(questions, asOf))
  }

  #timesOf(questions: readonly number[], asOf: Instant): ResponseTimes {
    const replied = questions.filter((index) => (this.#repliedAt[index] ?? Infinity) < Infinity)
    const delays = Float64Array.from(
      replied,
      (index) => (this.#repliedAt[index] ?? 0) - (this.#askedAt[index] ?? 0),
    ).sort()
    const [replied24h, replied72h] = promptHours.map(
      (hours) => delays.filter((delay) => delay <= hours * hourMilliseconds).length,
    )
    const [median, p90] = [medianOf(delays), percentileOf(delays, 90)]
    return {
      questions: questions.length,
      replied: replied.length,
      replied24h: replied24h ?? 0,
      replied72h: replied72h ?? 0,
      solved: questions.filter((index) => this.#isSolved[index]).length,
      medianHours: median === null ? null : hoursOf(median),
      p90Hours: p90 === null ? null : hoursOf(p90),
      open: questions.filter(
        (index) =>
          this.#repliedAt[index] === Infinity &&
          asOf - (this.#askedAt[index] ?? 0) < promptHours[1] * hourMilliseconds,
      ).length,
    }
  }
}
