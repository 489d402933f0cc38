import { LogUnavailable } from '../../log/database.ts'

/** How long a scan waits for its turn by default. */
const patienceMilliseconds = 2000

/** How long a scan may delay the others; after that, the next one begins although it still runs. */
const turnMilliseconds = 30_000

/**
 * A scan that began longer ago is not shared with new callers. An answer is promised to be at most 5 s old, and an isolate
 * gives it again for a second, and for another while it is read again (`src/memory/AnswerMemory.ts`): 2.5 + 1 + 1 s.
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

const tooLate = (): LogUnavailable => new LogUnavailable('Too many scans are waiting')

/**
 * Runs one scan of the log at a time, so that readers cannot keep D1 from the webhooks. The scan whose patience ends first
 * is next: an ordinary scan does not wait for builds that have more patience. A scan fails with LogUnavailable if it waits
 * too long for its turn, or if the log could not answer a scan before it. A turn ends when its scan does, or after 30 s,
 * because the object that scans may be gone.
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

  /** Runs a scan when its turn comes. Throws LogUnavailable if that takes longer than `patience`. */
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
      // Scans that wait would meet the same outage, one after the other.
      if (error instanceof LogUnavailable) for (const waiter of this.#waiting) this.#reject(waiter, error)
      throw error
    } finally {
      clearTimeout(timer)
      end()
    }
  }

  /** Waits for a turn. The clock decides as well as the timer, which may be late while D1 answers call after call. */
  async #wait(patience: number): Promise<void> {
    const { promise: turn, resolve: start, reject } = Promise.withResolvers<void>()
    const waiter = { deadline: this.#clock() + patience, start, reject }
    this.#waiting.add(waiter)
    const timer = setTimeout(() => this.#reject(waiter, tooLate()), patience)
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
        this.#reject(waiter, tooLate())
        continue
      }
      this.#waiting.delete(waiter)
      waiter.start()
      return
    }
    this.#isTaken = false
  }
}
