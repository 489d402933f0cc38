import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import * as z from 'zod/mini'
import { outcomes } from '../../contributions/contribution.ts'
import { backoff, retry } from '../../failure.ts'
import { CommandFailure } from '../command.ts'
import { isLocal } from '../platform/localAddress.ts'
import {
  isProblem,
  jsonOf,
  misconfigurationOf,
  readAnswer,
  type WorkerAnswer,
} from '../platform/workerAnswer.ts'
import { startCommand } from '../start/guide.ts'

// Keeps the other fields, because `npm run send` prints the whole answer.
const receiptSchema = z.looseObject({
  /** The log position at which the whole message is visible. */
  position: z.number(),
  results: z.array(z.looseObject({ status: z.enum(outcomes), position: z.optional(z.number()) })),
})

/** A webhook's answer, and the part of it that the commands use. */
export type Receipt = z.infer<typeof receiptSchema>

/** A message to send. It keeps its ID when it is redelivered. */
export interface Delivery {
  id: string
  body: string
}

/** The pauses add up to a little less than a minute. A Worker restarts within seconds. */
const attemptsMax = 12
const firstPauseMilliseconds = 250
const pauseMillisecondsMax = 8000

/** Whether the same request may succeed later: a timeout, too many requests, or an error that passes by itself. */
const isTemporary = (answer: WorkerAnswer): boolean =>
  [408, 429].includes(answer.status) || (answer.status >= 500 && misconfigurationOf(answer) === undefined)

class TemporaryAnswer extends Error {
  readonly answer: WorkerAnswer

  constructor(answer: WorkerAnswer) {
    super(`The Worker answered with ${answer.status}`)
    this.answer = answer
  }
}

/** The pause before the next attempt: Retry-After, if given, or else exponential backoff. */
const pauseAfter = (attempt: number, error: unknown): number => {
  const retryAfter = error instanceof TemporaryAnswer ? error.answer.retryAfter : null
  const requested = retryAfter === null ? Number.NaN : Number(retryAfter) * 1000
  if (Number.isNaN(requested)) return backoff(attempt, firstPauseMilliseconds, pauseMillisecondsMax)
  return Math.min(requested, pauseMillisecondsMax)
}

/** Gives a message the ID that it keeps in every delivery. */
export const toDelivery = (message: object): Delivery => ({
  id: `msg_${randomUUID()}`,
  body: JSON.stringify(message),
})

/** How to reach a Worker that does not answer. */
const howToReach = (url: string): string =>
  isLocal(new URL(url))
    ? `run ${startCommand(url)} in another terminal first, or give its address with --url`
    : 'check the address given with --url, and that the Worker is deployed'

/**
 * Acts as a site: signs and sends webhooks, and reads numbers from the API. Once the Worker has answered, failed
 * requests are retried for up to a minute, because it may be restarting.
 */
export class Site {
  readonly url: string
  #webhook: Webhook
  #stop: AbortSignal
  #pause: (milliseconds: number) => Promise<unknown>
  #hasAnswered = false

  /** `secret` is one that the Worker at `url` accepts. `stop` aborts a pause between attempts. */
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

  /** The signed headers of a delivery that is sent now. */
  sign({ id, body }: Delivery): Record<string, string> {
    const now = new Date()
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': this.#webhook.sign(id, now, body),
    }
  }

  /** Signs and delivers a message. Throws a CommandFailure if the Worker does not accept it. */
  async deliver(delivery: Delivery): Promise<Receipt> {
    const answer = await this.#request('/v1/webhooks', () => {
      return { method: 'POST', body: delivery.body, headers: this.sign(delivery), redirect: 'manual' }
    })
    const receipt = receiptSchema.safeParse(jsonOf(answer))
    if (answer.status === 200 && receipt.success) return receipt.data
    if (answer.status === 401) {
      throw new CommandFailure(
        `The Worker at ${this.url} does not accept the signature: name the file with its WEBHOOK_SECRETS with --env-file, and check this machine's clock`,
      )
    }
    throw this.#rejected('POST /v1/webhooks', answer)
  }

  /** Reads JSON; undefined for 404. Throws a CommandFailure for any other error. */
  async read<Body>(path: string): Promise<Body | undefined> {
    const answer = await this.#request(path, () => ({}))
    const body = jsonOf(answer)
    if (answer.status === 200 && body !== undefined) return body as Body
    if (answer.status === 404) return undefined
    throw this.#rejected(`GET ${path}`, answer)
  }

  #rejected(request: string, answer: WorkerAnswer): CommandFailure {
    const said = `${this.url} answered ${request} with ${answer.status}`
    if (!isProblem(answer))
      return new CommandFailure(`${said}, but not as a Worker does. Is this the address of a Worker?`)
    return new CommandFailure(`The Worker at ${said}: ${misconfigurationOf(answer) ?? answer.body}`)
  }

  /** `init` is called for each attempt, because a signature covers the time of delivery. */
  async #request(path: string, init: () => RequestInit): Promise<WorkerAnswer> {
    const attempt = async (): Promise<WorkerAnswer> => {
      const answer = await readAnswer(await fetch(`${this.url}${path}`, init()))
      this.#hasAnswered = true
      if (isTemporary(answer)) throw new TemporaryAnswer(answer)
      return answer
    }
    try {
      return await retry(attempt, {
        attempts: attemptsMax,
        isTransient: (error) => error instanceof TemporaryAnswer || this.#hasAnswered,
        pauseAfter,
        pause: this.#pause,
      })
    } catch (error) {
      if (this.#stop.aborted) throw new CommandFailure('Stopped before the end: run the same command again')
      if (error instanceof TemporaryAnswer) return error.answer
      const remedy = this.#hasAnswered
        ? `The Worker at ${this.url} has stopped: start it again with ${startCommand(this.url)}, then run the same command again`
        : `No Worker answers at ${this.url}: ${howToReach(this.url)}`
      throw new CommandFailure(remedy, { cause: error })
    }
  }
}
