import { LogUnavailable, within } from '../log/database.ts'

/** How long a scan that a caller waits for may wait for its turn, unless it says otherwise. */
const patienceMilliseconds = 2000

/** How long a scan may keep the others waiting; then the next one begins beside it. */
const turnMilliseconds = 30_000

/** A scan that has run for so long saw a log that is too old for a new caller, who is promised one of 5 s ago. */
const sharedMilliseconds = 4000

interface SharedScan {
  answer: Promise<unknown>
  /** When its turn came; Infinity as long as it waits. */
  begunAt: number
}

const tooLate = 'Too many scans are waiting'

/**
 * One scan of the log at a time, so that readers cannot keep D1 from the webhooks. A scan that waits too long for its
 * turn fails with LogUnavailable, and so do all that wait when the log could not answer the one before them. A turn ends
 * when its scan does, or after 30 s: whoever held it may be gone.
 */
export class ScanQueue {
  #shared = new Map<string, SharedScan>()
  #last: Promise<void> = Promise.resolve()
  #waiting = new Set<(reason: LogUnavailable) => void>()
  #clock: () => number

  /** `clock` tells milliseconds that pass, whatever the time of day is set to. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Identical concurrent scans share one result, unless it would be too old for whoever comes later. */
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

  /** Runs a scan when its turn comes, if it comes in time. */
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
      // Each of those who wait would find out for itself, one after the other.
      if (timer && error instanceof LogUnavailable) for (const refuse of this.#waiting) refuse(error)
      throw error
    } finally {
      clearTimeout(timer)
      // A scan that gave up passes its turn on only when it would have come.
      void turn.then(end)
    }
  }

  async #wait(turn: Promise<void>, patience: number): Promise<void> {
    const arrivedAt = this.#clock()
    const { promise: refused, reject: refuse } = Promise.withResolvers<never>()
    this.#waiting.add(refuse)
    try {
      await within(patience, Promise.race([turn, refused]), tooLate)
    } finally {
      this.#waiting.delete(refuse)
    }
    // While D1 answers call upon call, timers may come late: the clock decides.
    if (this.#clock() - arrivedAt > patience) throw new LogUnavailable(tooLate)
  }
}
