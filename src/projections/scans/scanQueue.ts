import { LogUnavailable } from '../../failure.ts'

/** How long a scan waits for its turn by default. */
const patienceMilliseconds = 2000

/** How long a turn lasts at most. After that, the next scan begins even if this one is still running. */
const turnMilliseconds = 30_000

/**
 * A scan that began longer ago is not shared with new callers. Answers are promised to be at most 5 s old. An isolate
 * reuses an answer for 1 s, and for 1 s more while it is refreshed (`src/memory/AnswerMemory.ts`): 2.5 + 1 + 1 s.
 */
const sharedMilliseconds = 2500

interface SharedScan {
  answer: Promise<unknown>
  /** When its turn came; Infinity while it waits. */
  begunAt: number
}

/** A scan that waits for its turn. */
interface Waiter {
  deadline: number
  start: () => void
  reject: (reason: LogUnavailable) => void
}

/** The turn of a scan did not come in time. */
export class TooManyScans extends LogUnavailable {
  constructor() {
    super('Too many scans are waiting')
  }
}

/**
 * Runs one scan of the log at a time, so that readers cannot block the webhooks. The scan with the earliest deadline is
 * next, so ordinary scans do not wait behind builds, which have later deadlines. A scan fails with LogUnavailable if it
 * waits too long, or if a scan before it failed because of an outage. A turn ends when its scan does, or after 30 s,
 * because the scanning object may be lost.
 */
export class ScanQueue {
  #shared = new Map<string, SharedScan>()
  #isTaken = false
  #waiting = new Set<Waiter>()
  #clock: () => number

  /** `clock` is monotonic, in milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Runs a scan, or shares the result of an identical scan that is waiting or began less than 2.5 s ago. */
  async share<Answer>(question: string, scan: () => Promise<Answer>): Promise<Answer> {
    const shared = this.#shared.get(question)
    if (shared && this.#clock() - shared.begunAt < sharedMilliseconds) return (await shared.answer) as Answer
    const own: SharedScan = { begunAt: Infinity, answer: Promise.resolve() }
    own.answer = this.run(async () => {
      own.begunAt = this.#clock()
      return await scan()
    })
    this.#shared.set(question, own)
    try {
      return (await own.answer) as Answer
    } finally {
      if (this.#shared.get(question) === own) this.#shared.delete(question)
    }
  }

  /** Runs a scan when its turn comes. Throws LogUnavailable if the turn does not come within `patience` milliseconds. */
  async run<Answer>(scan: () => Promise<Answer>, patience = patienceMilliseconds): Promise<Answer> {
    if (this.#isTaken) await this.#wait(patience)
    this.#isTaken = true
    let hasEnded = false
    const end = (): void => {
      if (!hasEnded) this.#startNext()
      hasEnded = true
    }
    const timer = setTimeout(end, turnMilliseconds)
    try {
      return await scan()
    } catch (error) {
      // The waiting scans would meet the same outage.
      if (error instanceof LogUnavailable) for (const waiter of this.#waiting) this.#reject(waiter, error)
      throw error
    } finally {
      clearTimeout(timer)
      end()
    }
  }

  /**
   * Waits for a turn. The timer may fire late while D1 calls follow each other, so `#startNext` checks the deadline
   * too.
   */
  async #wait(patience: number): Promise<void> {
    const { promise: turn, resolve: start, reject } = Promise.withResolvers<void>()
    const waiter = { deadline: this.#clock() + patience, start, reject }
    this.#waiting.add(waiter)
    const timer = setTimeout(() => this.#reject(waiter, new TooManyScans()), patience)
    try {
      await turn
    } finally {
      clearTimeout(timer)
    }
  }

  #reject(waiter: Waiter, reason: LogUnavailable): void {
    this.#waiting.delete(waiter)
    waiter.reject(reason)
  }

  #startNext(): void {
    const waiters = [...this.#waiting].toSorted((one, other) => one.deadline - other.deadline)
    for (const waiter of waiters) {
      if (this.#clock() > waiter.deadline) {
        this.#reject(waiter, new TooManyScans())
        continue
      }
      this.#waiting.delete(waiter)
      waiter.start()
      return
    }
    this.#isTaken = false
  }
}
