import { LogUnavailable, within } from '../../log/database.ts'

/** How long a scan waits for its turn by default. */
const patienceMilliseconds = 2000

/** How long a scan may delay the others; after that, the next one begins beside it. */
const turnMilliseconds = 30_000

/** A scan that began longer ago is not shared with new callers: an answer is promised to be at most 5 s old. */
const sharedMilliseconds = 4000

interface SharedScan {
  answer: Promise<unknown>
  /** When its turn came; Infinity while it waits. */
  begunAt: number
}

const tooLate = 'Too many scans are waiting'

/**
 * Runs one scan of the log at a time, so that readers cannot keep D1 from the webhooks. A scan fails with LogUnavailable
 * if it waits too long for its turn, or if the log could not answer the scan before it. A turn ends when its scan does,
 * or after 30 s, because the object that scans may be gone.
 */
export class ScanQueue {
  #shared = new Map<string, SharedScan>()
  #last: Promise<void> = Promise.resolve()
  #waiting = new Set<(reason: LogUnavailable) => void>()
  #clock: () => number

  /** `clock` is monotonic, in milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Runs a scan, or shares the result of an identical scan that is waiting or began at most 4 s ago. */
  async share<Answer>(question: string, scan: () => Promise<Answer>): Promise<Answer> {
    const shared = this.#shared.get(question)
    if (shared && this.#clock() - shared.begunAt < sharedMilliseconds) return (await shared.answer) as Answer
    const own: SharedScan = {
      begunAt: Infinity,
      answer: this.run(async () => {
        own.begunAt = this.#clock()
        return await scan()
      }),
    }
    this.#shared.set(question, own)
    try {
      return (await own.answer) as Answer
    } finally {
      if (this.#shared.get(question) === own) this.#shared.delete(question)
    }
  }

  /** Runs a scan when its turn comes. Throws LogUnavailable if that takes longer than `patience`. */
  async run<Answer>(scan: () => Promise<Answer>, patience = patienceMilliseconds): Promise<Answer> {
    const turn = this.#last
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    this.#last = over
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      await this.#wait(turn, patience)
      timer = setTimeout(end, turnMilliseconds)
      return await scan()
    } catch (error) {
      // Scans that wait would meet the same outage, one after the other.
      if (timer && error instanceof LogUnavailable) for (const reject of this.#waiting) reject(error)
      throw error
    } finally {
      clearTimeout(timer)
      // A scan that gave up still holds its place in the queue until its turn would have come.
      void turn.then(end)
    }
  }

  async #wait(turn: Promise<void>, patience: number): Promise<void> {
    const arrivedAt = this.#clock()
    const { promise: rejected, reject } = Promise.withResolvers<never>()
    this.#waiting.add(reject)
    try {
      await within(patience, Promise.race([turn, rejected]), tooLate)
    } finally {
      this.#waiting.delete(reject)
    }
    // Timers may fire late while D1 answers one call after the other, so the clock decides.
    if (this.#clock() - arrivedAt > patience) throw new LogUnavailable(tooLate)
  }
}
