import { DurableObject, waitUntil } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { append, AppendQueue } from '../log/append.ts'
import type { Appended, LogInput } from '../log/logInput.ts'
import { logOutage, LogUnavailable, within } from '../failure.ts'
import { countsOf, Deliveries, noDeliveries, type DeliveryCounts } from './Deliveries.ts'
import { SharedCalls, type Call, type MessageSize, type Sequenced } from './SharedCalls.ts'

/** How long a batch may take. A message often waits for two batches, and its sender waits 15 s. */
const batchMilliseconds = 6000

/**
 * The object through which webhooks are appended. Messages that arrive during a commit share the next one. Correctness
 * does not depend on it: a message that is appended twice counts once. It stores only delivery counts.
 */
export class Sequencer extends DurableObject<Env> {
  #deliveries: Deliveries
  #queue = new AppendQueue(
    async (logInput, now) => await append(this.env.DB, logInput, 'webhook', now, batchMilliseconds),
  )

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#deliveries = new Deliveries(ctx.storage)
  }

  /**
   * Appends the facts of one or more messages. Returns 'refused' if the calling Worker belongs to another deployment,
   * because its messages may have fields that this code would drop. Never throws: the platform logs exceptions, and D1's
   * errors may quote personal data.
   */
  async append(deployment: string, logInput: LogInput, now: Instant, size: MessageSize): Promise<Sequenced> {
    if (deployment !== this.env.DEPLOYMENT.id) return 'refused'
    try {
      const appended = await this.#queue.append(logInput, now, size)
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

type AppendEnv = Pick<Env, 'DB' | 'SEQUENCER' | 'DEPLOYMENT'>

/** A larger message is appended directly by the Worker: it would delay others, and gain little from a shared commit. */
const sequencedBytesMax = 65_536

/** How long to wait for the object before pinging it, and how long to wait for the ping. */
const patienceMilliseconds = 3000
const pingMilliseconds = 1000

/** How long to wait after the ping: longer than the batch in flight and the next one may take. */
const answerMilliseconds = 10_000

const callSequencer = async (
  env: AppendEnv,
  logInput: LogInput,
  now: Instant,
  size: MessageSize,
): Promise<Sequenced> => {
  const sequencer = sequencerOf(env)
  const answer = (async (): Promise<Sequenced> =>
    await sequencer.append(env.DEPLOYMENT.id, logInput, now, size))()
  try {
    return await within(patienceMilliseconds, answer, 'The sequencer is late')
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
  }
  // If the object answers a ping, D1 is slow, and a second append would slow it further.
  await Promise.race([answer, within(pingMilliseconds, sequencer.ping(), 'The sequencer does not answer')])
  const late = await within(answerMilliseconds, answer, 'The sequencer is late').catch(
    () => 'unavailable' as const,
  )
  // This late, no time is left to append directly before the sender times out. The sender will retry.
  return late === 'refused' ? 'unavailable' : late
}

/** Like `callSequencer`, but never throws. */
const sequence = async (...call: Parameters<typeof callSequencer>): Promise<Sequenced> => {
  try {
    return await callSequencer(...call)
  } catch {
    logOutage('object', 'no answer')
    return 'refused'
  }
}

/** How long counting a message may take. */
const countMilliseconds = 500

/**
 * Counts a message that the sequencer did not append. The sender does not wait for it, because nothing depends on the
 * count. Gives up silently if the sequencer does not answer.
 */
const countMessage = (env: AppendEnv, counts: DeliveryCounts, now: Instant): void => {
  const counting = (async () => await sequencerOf(env).count(counts, now))()
  waitUntil(within(countMilliseconds, counting, 'The sequencer is late').catch(() => undefined))
}

/** Counts a message that was refused despite a valid signature. */
export const countRefused = (env: AppendEnv, now: Instant): void => {
  countMessage(env, { ...noDeliveries, refused: 1 }, now)
}

const appendDirectly = async (
  env: AppendEnv,
  logInput: LogInput,
  now: Instant,
  size: MessageSize,
): Promise<Appended> => {
  const appended = await append(env.DB, logInput, 'webhook', now)
  countMessage(env, countsOf(appended, size), now)
  return appended
}

const calls = new SharedCalls()

/** Whether the platform continues a request in its own context when another request settles its promise. */
const mayShareCalls = (): boolean =>
  Cloudflare.compatibilityFlags['handle_cross_request_promise_resolution'] === true

/**
 * Appends a webhook's facts through the sequencer, in one commit with webhooks that arrive at the same time. Appends
 * them directly if the message is larger than 64 KiB, if the sequencer cannot be reached, or if it refuses within 3 s.
 * Takes at most 15 s. Throws what `append` throws.
 */
export const appendWebhook = async (
  env: AppendEnv,
  logInput: LogInput,
  now: Instant,
  size: MessageSize,
): Promise<Appended> => {
  if (size.bytes > sequencedBytesMax) return await appendDirectly(env, logInput, now, size)
  const call = async (...joined: Parameters<Call>): Promise<Sequenced> => await sequence(env, ...joined)
  const sequencing = mayShareCalls() ? calls.append({ logInput, now, size }, call) : call(logInput, now, size)
  waitUntil(sequencing) // Other requests depend on this one, even if its client hangs up.
  const sequenced = await sequencing
  if (sequenced === 'unavailable') throw new LogUnavailable('The log cannot answer now')
  return sequenced === 'refused' ? await appendDirectly(env, logInput, now, size) : sequenced
}
