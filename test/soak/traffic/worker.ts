import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { MiniflareOptions } from 'miniflare'
import { CommandFailure } from '../../../src/cli/command.ts'
import {
  hangMilliseconds,
  killGroup,
  runningIn,
  watch,
  type Started,
} from '../../system/support/processes.ts'

const hostFile = join(import.meta.dirname, 'host.ts')

/** The URL of a running Worker, and the number of its life. */
export interface Life {
  url: string
  number: number
}

const makeHost = (): Started => {
  const child = fork(hostFile, { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  return watch(child)
}

const groupOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new CommandFailure('Cannot start a process for the Worker')
  return pid
}

/** Waits until a host sends the URL of its Worker. */
const urlOf = async ({ child, output }: Started): Promise<string> => {
  const waiting = new AbortController()
  const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(hangMilliseconds)])
  const ended = once(child, 'exit', { signal }).then((): never => {
    throw new CommandFailure(`The Worker has stopped: ${output()}`)
  })
  try {
    const [url]: string[] = await Promise.race([once(child, 'message', { signal }), ended])
    return url ?? ''
  } finally {
    ended.catch(() => undefined)
    waiting.abort()
  }
}

/** The Worker under test, which can be killed and restarted on the same state. */
export class SoakWorker {
  kills = 0
  restarts = 0
  #options: MiniflareOptions
  #host: Started | undefined
  #spare: Started | undefined
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
    await killGroup(groupOf(await this.#takeDown()))
    this.kills += 1
    this.#life = this.#start()
    await this.#life
  }

  /** Stops it gracefully, then starts it again. */
  async restart(): Promise<void> {
    await this.#end()
    this.restarts += 1
    this.#life = this.#start()
    await this.#life
  }

  /** Stops it gracefully for good. */
  async stop(): Promise<void> {
    if (this.#host) await this.#end()
    this.#spare?.child.kill('SIGKILL')
  }

  async #end(): Promise<void> {
    const host = await this.#takeDown()
    const ended = once(host, 'exit')
    host.kill('SIGTERM')
    await ended
  }

  /** From here on requests may fail. */
  async #takeDown(): Promise<ChildProcess> {
    await this.whenUp()
    if (this.#host === undefined) throw new Error('The Worker is down already')
    const { child } = this.#host
    this.#isUp = false
    this.#host = undefined
    return child
  }

  async #start(): Promise<Life> {
    const host = this.#spare ?? makeHost()
    const { child } = host
    this.#spare = undefined
    child.send(this.#options)
    const url = await urlOf(host)
    await this.#checkGroup(groupOf(child))
    this.#host = host
    this.#isUp = true
    this.#lives += 1
    this.#spare = makeHost()
    return { url, number: this.#lives }
  }

  async #checkGroup(group: number): Promise<void> {
    if (this.#lives > 0) return
    const running = await runningIn(group)
    if (running.some((command) => /\/workerd\S* serve/.test(command))) return
    throw new Error(`A kill would spare workerd: it is not among ${running.join(', ')}`)
  }
}
