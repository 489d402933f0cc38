import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { append, AppendQueue } from '../log/append.ts'
import type { Appended, LogInput } from '../log/logInput.ts'
import { logOutage, LogUnavailable, within } from '../failure.ts'
import { countsOf, Deliveries, type DeliveryCounts } from './Deliveries.ts'

/** How long a batch may take. A message may have to wait for two batches, and its sender waits 15 s. */
const batchMilliseconds = 6000

/** The size of a message or of several, with the number of items, including ignored ones, which are not in a `LogInput`. */
export interface MessageSize {
  bytes: number
  items: number
  messages: number
}

/**
 * The sequencer's answer. 'unavailable': D1 cannot answer. 'refused': not appended; the Worker should append the
 * message itself.
 */
export type Sequenced = Appended | 'unavailable' | 'refused'

/**
 * The object through which webhooks are appended. Messages that arrive during a commit share the next one. Correctness
 * does not depend on it: a message that is appended twice counts once. It stores only delivery counts.
 */
export class Sequencer extends DurableObject<Env> {
  #deliveries: Deliveries
  #queue = new AppendQueue(
    async (logInput, now) =>
      await within(
        batchMilliseconds,
        append(this.env.DB, logInput, 'webhook', now),
        'The log has not answered in time',
        () => logOutage('log', 'no answer in time'),
      ),
  )

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#deliveries = new Deliveries(ctx.storage)
  }

  /**
   * Appends what one or several messages of a Worker append. Refuses it if the calling Worker is of another deployment, whose messages may have fields that
   * this code would drop. Never throws, because the platform logs exceptions, and D1's errors may quote personal data.
   */
  async append(deployment: string, logInput: LogInput, now: Instant, size: MessageSize): Promise<Sequenced> {
    if (deployment !== this.env.DEPLOYMENT.id) return 'refused'
    try {
      const appended = await this.#queue.append(logInput, now, size.bytes)
      this.#deliveries.add(countsOf(appended, size), now)
      return appended
    } catch (error) {
      return error instanceof LogUnavailable ? 'unavailable' : 'refused'
    }
  }

  /** Counts a message that was not appended through this object. */
  count(counts: DeliveryCounts, now: Instant): void {
    this.#deliveries.add(counts, now)
  }

  /** Delivery counts of the last 90 days that had messages, newest first, and when the last message arrived. */
  deliveries(): Deliveries['state'] {
    return this.#deliveries.state
  }

  /** Answers immediately, whatever the state of D1. */
  ping(): void {}
}

/** The stub of the only Sequencer. */
export const sequencerOf = ({ SEQUENCER }: Pick<Env, 'SEQUENCER'>) => SEQUENCER.getByName('log')
