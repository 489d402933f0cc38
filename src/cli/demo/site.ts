import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
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

const attemptsMax = 6
const pauseSecondsMax = 10

/** Too many requests, or the Worker cannot answer now: the same request may be made again. */
const isPassing = ({ status }: Response): boolean => status === 429 || status === 503

/** A message ready to be delivered, as often as need be. */
export const toDelivery = (message: SentMessage): Delivery => ({
  id: `msg_${randomUUID()}`,
  body: JSON.stringify(message),
})

/** A community's site, seen from a Perennial: it signs what it sends, as Standard Webhooks says, and reads numbers. */
export class Site {
  readonly url: string
  #webhook: Webhook

  /** `secret` is one that the Worker at `url` accepts. */
  constructor(url: string, secret: string) {
    this.url = url
    this.#webhook = new Webhook(secret)
  }

  /** Signs and delivers a message. Throws a CommandFailure when it is not taken. */
  async deliver({ id, body }: Delivery): Promise<Receipt> {
    const response = await this.#request('/v1/webhooks', () => {
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
    if (response.ok) return await response.json()
    if (response.status === 401) {
      throw new CommandFailure(
        `The Worker at ${this.url} does not accept the signature: name the file with its WEBHOOK_SECRETS by --env-file`,
      )
    }
    throw await this.#refusal('POST /v1/webhooks', response)
  }

  /** Reads JSON; undefined where there is nothing (404). Throws a CommandFailure when the Worker refuses. */
  async read<Answer>(path: string): Promise<Answer | undefined> {
    const response = await this.#request(path, () => ({}))
    if (response.ok) return await response.json()
    if (response.status !== 404) throw await this.#refusal(`GET ${path}`, response)
    await response.body?.cancel()
    return undefined
  }

  async #refusal(asked: string, response: Response): Promise<CommandFailure> {
    return new CommandFailure(
      `The Worker at ${this.url} answered ${asked} with ${response.status}: ${await response.text()}`,
    )
  }

  async #request(path: string, init: () => RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#fetch(path, init())
      if (attempt === attemptsMax || !isPassing(response)) return response
      await response.body?.cancel()
      const seconds = Number(response.headers.get('retry-after') ?? 1)
      await pause(1000 * Math.min(seconds, pauseSecondsMax))
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, init)
    } catch (error) {
      throw new CommandFailure(
        `Nobody answers at ${this.url}: run npm start in another terminal first, or say where the Worker is with --url`,
        { cause: error },
      )
    }
  }
}
