import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { startCommand } from '../console/guide.ts'
import { CommandFailure } from '../command.ts'
import type { SentMessage } from './community/message.ts'

/** What a webhook answers of a message that was taken, as far as a sender looks. */
export interface Receipt {
  results: { status: 'recorded' | 'duplicate' | 'conflict' | 'ignored' | 'applied' | 'unchanged' }[]
}

/** A message on its way: redelivered, it keeps its id. */
export interface Delivery {
  id: string
  body: string
}

interface Answered {
  status: number
  body: string
  retryAfter: string | null
}

/** With the pauses between them, a little less than a minute: a Worker that restarts takes some seconds. */
const attemptsMax = 12
const pauseMilliseconds = 250
const pauseMillisecondsMax = 8000

/** The same request may be made again: it took too long, there were too many, or the Worker could not answer. */
const isTemporary = ({ status }: Answered): boolean => status === 408 || status === 429 || status >= 500

/** How long to wait after an attempt, the first one being 1: what the Worker asks for, or twice as long each time. */
const pauseAfter = (attempt: number, answered: Answered | undefined): number => {
  const wanted = Number(answered?.retryAfter ?? Number.NaN) * 1000
  const usual = pauseMilliseconds * 2 ** (attempt - 1)
  return Math.min(Number.isNaN(wanted) ? usual : wanted, pauseMillisecondsMax)
}

/** A message ready to be delivered, as often as need be. */
export const toDelivery = (message: SentMessage): Delivery => ({
  id: `msg_${randomUUID()}`,
  body: JSON.stringify(message),
})

/**
 * A community's site, seen from a Perennial: it signs what it sends, as Standard Webhooks says, and reads numbers.
 * Once the Worker has answered, the site sends again for a minute whatever is lost while the Worker restarts.
 */
export class Site {
  readonly url: string
  #webhook: Webhook
  #stop: AbortSignal
  #pause: (milliseconds: number) => Promise<unknown>
  #hasAnswered = false

  /** `secret` is one that the Worker at `url` accepts; `stop` ends a pause between two attempts. */
  constructor(
    url: string,
    secret: string,
    stop: AbortSignal,
    pause = async (milliseconds: number): Promise<unknown> =>
      await wait(milliseconds, undefined, { signal: stop }),
  ) {
    this.url = url
    this.#webhook = new Webhook(secret)
    this.#stop = stop
    this.#pause = pause
  }

  /** Signs and delivers a message. Throws a CommandFailure when it is not taken. */
  async deliver({ id, body }: Delivery): Promise<Receipt> {
    const answered = await this.#request('/v1/webhooks', () => {
      const now = new Date()
      return {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': this.#webhook.sign(id, now, body),
        },
      }
    })
    if (answered.status === 200) return JSON.parse(answered.body) as Receipt
    if (answered.status === 401) {
      throw new CommandFailure(
        `The Worker at ${this.url} does not accept the signature: name the file with its WEBHOOK_SECRETS by --env-file`,
      )
    }
    throw this.#refusal('POST /v1/webhooks', answered)
  }

  /** Reads JSON; undefined where there is nothing (404). Throws a CommandFailure when the Worker refuses. */
  async read<Answer>(path: string): Promise<Answer | undefined> {
    const answered = await this.#request(path, () => ({}))
    if (answered.status === 200) return JSON.parse(answered.body) as Answer
    if (answered.status === 404) return undefined
    throw this.#refusal(`GET ${path}`, answered)
  }

  #refusal(asked: string, { status, body }: Answered): CommandFailure {
    return new CommandFailure(`The Worker at ${this.url} answered ${asked} with ${status}: ${body}`)
  }

  async #request(path: string, init: () => RequestInit): Promise<Answered> {
    for (let attempt = 1; ; attempt += 1) {
      const answered = await this.#attempt(path, init(), attempt === attemptsMax)
      if (answered && (attempt === attemptsMax || !isTemporary(answered))) return answered
      await this.#pause(pauseAfter(attempt, answered)).catch((error: unknown) => {
        throw this.#stop.aborted
          ? new CommandFailure('Stopped before the end: run the same command again')
          : error
      })
    }
  }

  /** One attempt; undefined when the connection fails and another attempt may help. */
  async #attempt(path: string, init: RequestInit, isLast: boolean): Promise<Answered | undefined> {
    try {
      const response = await fetch(`${this.url}${path}`, init)
      const body = await response.text()
      this.#hasAnswered = true
      return { status: response.status, body, retryAfter: response.headers.get('retry-after') }
    } catch (error) {
      if (this.#hasAnswered && !isLast) return undefined
      const remedy = this.#hasAnswered
        ? `The Worker at ${this.url} has stopped: start it again with ${startCommand(this.url)}, then run the same command again`
        : `No Worker answers at ${this.url}: run ${startCommand(this.url)} in another terminal first, or say where the Worker is with --url`
      throw new CommandFailure(remedy, { cause: error })
    }
  }
}
