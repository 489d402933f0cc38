import type { Instant } from '../instant.ts'
import { countUpTo, intervalAt } from './activity.ts'

const hourMilliseconds = 3_600_000
const promptHours = [24, 72] as const

/** How the questions of an interval were answered. */
export interface ResponseTimes {
  questions: number
  /** Questions with a reply; with a reply within 24 hours, and within 72 hours. */
  replied: number
  replied24h: number
  replied72h: number
  solved: number
  /** Hours to the first reply, of questions that have one, rounded to two decimals; null if none has. */
  medianHours: number | null
  p90Hours: number | null
  /** Questions without a reply that were asked less than 72 hours before `asOf`. */
  open: number
}

/** Converts to hours, rounded to two decimals. */
const hoursOf = (milliseconds: number): number => Math.round(milliseconds / (hourMilliseconds / 100)) / 100

/** The median of ascending numbers: the mean of the middle two if their number is even. null if there are none. */
const medianOf = (ascending: Float64Array): number | null => {
  const middle = ascending.length >>> 1
  const upper = ascending[middle]
  if (upper === undefined) return null
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2
}

/**
 * The nearest-rank percentile of ascending numbers: the smallest one that at least `percent` of them do not exceed.
 * null if there are none.
 */
const percentileOf = (ascending: Float64Array, percent: number): number | null =>
  ascending[Math.ceil((ascending.length * percent) / 100) - 1] ?? null

/** Questions in columns of typed arrays, because a range of years may have a million of them. */
const columnsFor = (size: number) => ({
  askedAt: new Float64Array(size),
  askers: new Uint32Array(size),
  repliedAt: new Float64Array(size),
  solved: new Uint8Array(size),
})

/**
 * Questions by interval, with their first replies and solutions. Threads and people are numbered from 0. `bounds` are
 * the starts of adjacent intervals and the end of the last one. All questions must be added before any reply.
 */
export class Questions {
  #bounds: readonly Instant[]
  #from: Instant
  #to: Instant
  /** The index of each thread's question in the columns, plus 1; 0 for a thread without a question. */
  #places: Uint32Array
  #columns = columnsFor(1024)
  #size = 0

  constructor(bounds: readonly Instant[], threads: number) {
    this.#bounds = bounds
    this.#from = bounds[0] ?? Infinity
    this.#to = bounds.at(-1) ?? -Infinity
    this.#places = new Uint32Array(threads)
  }

  /** Adds a question, unless it was asked outside the intervals. */
  ask(thread: number, asker: number, instant: Instant): void {
    if (instant < this.#from || instant >= this.#to) return
    const place = this.#places[thread] || this.#addPlace()
    this.#places[thread] = place
    this.#columns.askedAt[place - 1] = instant
    this.#columns.askers[place - 1] = asker
    this.#columns.repliedAt[place - 1] = Infinity
  }

  /** Removes the question that `ask` added. */
  withdraw(thread: number): void {
    const place = this.#places[thread] ?? 0
    if (place > 0) this.#columns.askedAt[place - 1] = NaN
  }

  /** Whether a contribution to a thread is a reply to its question: made by someone else, and not before the question. */
  isReply(thread: number, person: number, instant: Instant): boolean {
    const index = (this.#places[thread] ?? 0) - 1
    const { askers, askedAt } = this.#columns
    return index >= 0 && askers[index] !== person && instant >= (askedAt[index] ?? NaN)
  }

  reply(thread: number, instant: Instant): void {
    const index = (this.#places[thread] ?? 0) - 1
    const { repliedAt } = this.#columns
    if (index >= 0 && instant < (repliedAt[index] ?? 0)) repliedAt[index] = instant
  }

  solve(thread: number): void {
    const index = (this.#places[thread] ?? 0) - 1
    if (index >= 0) this.#columns.solved[index] = 1
  }

  /** The response times by interval. */
  responseTimes(asOf: Instant): ResponseTimes[] {
    const { askedAt, repliedAt, solved } = this.#columns
    const found = this.#bounds.slice(1).map(() => ({ questions: 0, replied: 0, solved: 0, open: 0 }))
    const intervals = new Int32Array(this.#size)
    for (let index = 0; index < this.#size; index += 1) {
      const asked = askedAt[index] ?? NaN
      const interval = intervalAt(this.#bounds, asked)
      intervals[index] = interval
      const counts = found[interval]
      if (counts === undefined) continue
      const isReplied = repliedAt[index] !== Infinity
      counts.questions += 1
      counts.replied += Number(isReplied)
      counts.solved += solved[index] ?? 0
      counts.open += Number(!isReplied && asOf - asked < promptHours[1] * hourMilliseconds)
    }
    const delays = this.#delays(
      intervals,
      found.map(({ replied }) => replied),
    )
    return found.map((counts, interval) => timesOf(counts, delays[interval] ?? new Float64Array()))
  }

  /** The milliseconds to each first reply, by interval, in ascending order. */
  #delays(intervals: Int32Array, counts: readonly number[]): Float64Array[] {
    const { askedAt, repliedAt } = this.#columns
    const delays = counts.map((count) => new Float64Array(count))
    const taken = new Uint32Array(counts.length)
    for (let index = 0; index < this.#size; index += 1) {
      const interval = intervals[index] ?? -1
      const own = delays[interval]
      const replied = repliedAt[index] ?? Infinity
      if (own === undefined || replied === Infinity) continue
      const next = taken[interval] ?? 0
      own[next] = replied - (askedAt[index] ?? 0)
      taken[interval] = next + 1
    }
    return delays.map((own) => own.sort())
  }

  /** Appends a row. Returns its index plus 1. */
  #addPlace(): number {
    if (this.#size === this.#columns.askedAt.length) {
      const larger = columnsFor(2 * this.#size)
      larger.askedAt.set(this.#columns.askedAt)
      larger.askers.set(this.#columns.askers)
      larger.repliedAt.set(this.#columns.repliedAt)
      larger.solved.set(this.#columns.solved)
      this.#columns = larger
    }
    this.#size += 1
    return this.#size
  }
}

const timesOf = (
  counts: Pick<ResponseTimes, 'questions' | 'replied' | 'solved' | 'open'>,
  delays: Float64Array,
): ResponseTimes => {
  const [within24, within72] = promptHours.map((hours) => countUpTo(delays, hours * hourMilliseconds))
  const [median, p90] = [medianOf(delays), percentileOf(delays, 90)]
  return {
    ...counts,
    replied24h: within24 ?? 0,
    replied72h: within72 ?? 0,
    medianHours: median === null ? null : hoursOf(median),
    p90Hours: p90 === null ? null : hoursOf(p90),
  }
}
