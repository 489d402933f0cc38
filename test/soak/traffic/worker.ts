import type { MiniflareOptions } from 'miniflare'
import { Host } from '../../system/support/worker.ts'

/** The URL of a running Worker, and the number of its life. */
export interface Life {
  url: string
  number: number
}

/** The Worker under test, which can be killed and restarted on the same state. */
export class SoakWorker {
  kills = 0
  restarts = 0
  #options: MiniflareOptions
  #host: Host | undefined
  #spare: Host | undefined
  #life: Promise<Life> | undefined
  #lives = 0
  #isUp = false

  constructor(options: MiniflareOptions) {
    this.#options = options
  }

  /** The current life, or the next one while the Worker is down. */
  async whenUp(): Promise<Life> {
    this.#life ??= this.#start()
    return await this.#life
  }

  /** Whether a life has not ended, so that its requests must succeed. */
  isAlive({ number }: Life): boolean {
    return this.#isUp && number === this.#lives
  }

  /** Sends SIGKILL to the whole process group, then starts it again. */
  async kill(): Promise<void> {
    await (await this.#takeDown()).kill()
    this.kills += 1
    this.#life = this.#start()
    await this.#life
  }

  /** Stops it gracefully, then starts it again. */
  async restart(): Promise<void> {
    await (await this.#takeDown()).stop()
    this.restarts += 1
    this.#life = this.#start()
    await this.#life
  }

  /** Stops it gracefully for good. */
  async stop(): Promise<void> {
    if (this.#host) await (await this.#takeDown()).stop()
    await this.#spare?.kill()
  }

  /** From here on requests may fail. */
  async #takeDown(): Promise<Host> {
    await this.whenUp()
    const host = this.#host
    if (host === undefined) throw new Error('The Worker is down already')
    this.#isUp = false
    this.#host = undefined
    return host
  }

  async #start(): Promise<Life> {
    const host = this.#spare ?? new Host()
    this.#spare = undefined
    const url = await host.run(this.#options)
    this.#host = host
    this.#isUp = true
    this.#lives += 1
    this.#spare = new Host()
    return { url, number: this.#lives }
  }
}
