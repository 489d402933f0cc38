import { LogUnavailable } from '../log/database.ts'

/** How long a scan may wait for its turn. */
const waitMilliseconds = 2000

/**
 * One scan of the log at a time, so that readers cannot keep D1 from the webhooks. Who asks what is asked already
 * gets the same answer; who waits too long gets LogUnavailable.
 */
export class ScanQueue {
  #scans = new Map<string, Promise<unknown>>()
  #last: Promise<unknown> = Promise.resolve()

  async run<Answer>(question: string, scan: () => Promise<Answer>): Promise<Answer> {
    const shared = this.#scans.get(question)
    if (shared) return (await shared) as Answer
    const answer = this.#inTurn(scan).finally(() => this.#scans.delete(question))
    this.#scans.set(question, answer)
    return await answer
  }

  async #inTurn<Answer>(scan: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#last
    let finish: (() => void) | undefined
    this.#last = new Promise<void>((resolve) => {
      finish = resolve
    })
    try {
      await this.#await(turn)
      return await scan()
    } finally {
      // A scan that gave up passes its turn on only when it would have come.
      void turn.finally(finish)
    }
  }

  async #await(turn: Promise<unknown>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new LogUnavailable('Too many scans are waiting')), waitMilliseconds)
    })
    await Promise.race([turn, late]).finally(() => clearTimeout(timer))
  }
}
