import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { append, joinInputs, splitAppended, type Appended, type LogInput } from '../log/append.ts'
import { logOutage, LogUnavailable, within } from '../log/database.ts'
import { countsOf, Deliveries, noDeliveries, type DeliveryCounts } from './Deliveries.ts'

/**
 * The largest batch of several messages, about 1,000 contributions. A larger batch would make later messages wait
 * longer.
 */
const batchBytesMax = 262_144

/** The maximum size of all waiting messages. Beyond it, D1 has fallen behind and messages are refused. */
const waitingBytesMax = 4_194_304

/**
 * How long a batch may take. A message may wait for the batch in flight and then for its own, and its sender waits 15
 * s.
 */
const batchMilliseconds = 6000

/**
 * How long to gather messages if the last batch had several. Their senders have just been answered and send their next
 * messages. Without the pause, the first to arrive would get a commit of its own, and the others would wait for it.
 */
const gatheringMilliseconds = 2

/** A message waiting for its batch. */
interface Waiting {
  logInput: LogInput
  now: Instant
  bytes: number
  resolve: (appended: Appended) => void
  reject: (reason: unknown) => void
}

/**
 * Appends one batch at a time. Messages that arrive while a batch is in flight form the next batch. Otherwise a message
 * is appended immediately, or after 2 ms if the last batch had several messages. If a batch fails with LogUnavailable,
 * all waiting messages fail with it, because they would meet the same outage.
 */
export class AppendQueue {
  #append: (logInput: LogInput, now: Instant) => Promise<Appended>
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #isAppending = false
  #lastBatchLength = 0

  constructor(appendBatch: (logInput: LogInput, now: Instant) => Promise<Appended>) {
    this.#append = appendBatch
  }

  /**
   * Resolves after the commit. `bytes` is the size of the message. Rejects with the error of its batch, or with
   * LogUnavailable if too many messages are waiting.
   */
  async append(logInput: LogInput, now: Instant, bytes: number): Promise<Appended> {
    if (this.#waitingBytes + bytes > waitingBytesMax)
      throw new LogUnavailable('Too many messages are waiting')
    const { promise, resolve, reject } = Promise.withResolvers<Appended>()
    this.#waiting.push({ logInput, now, bytes, resolve, reject })
    this.#waitingBytes += bytes
    if (!this.#isAppending) void this.#appendWaiting()
    return await promise
  }

  async #appendWaiting(): Promise<void> {
    this.#isAppending = true
    while (this.#waiting.length > 0) {
      if (this.#lastBatchLength > 1) await scheduler.wait(gatheringMilliseconds)
      const batch = this.#takeBatch()
      this.#lastBatchLength = batch.length
      await this.#appendBatch(batch)
    }
    this.#isAppending = false
  }

  async #appendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const inputs = batch.map(({ logInput }) => logInput)
      const appended = await this.#append(joinInputs(inputs), Math.max(...batch.map(({ now }) => now)))
      for (const [index, each] of splitAppended(appended, inputs).entries()) batch[index]?.resolve(each)
    } catch (error) {
      const failed = error instanceof LogUnavailable ? [...batch, ...this.#takeAll()] : batch
      for (const { reject } of failed) reject(error)
    }
  }

  /** The oldest waiting messages up to the size of a batch; at least one. */
  #takeBatch(): Waiting[] {
    let sum = 0
    const beyond = this.#waiting.findIndex(({ bytes }, index) => {
      sum += bytes
      return index > 0 && sum > batchBytesMax
    })
    return this.#take(beyond === -1 ? this.#waiting.length : beyond)
  }

  #takeAll(): Waiting[] {
    return this.#take(this.#waiting.length)
  }

  #take(count: number): Waiting[] {
    const taken = this.#waiting.splice(0, count)
    for (const { bytes } of taken) this.#waitingBytes -= bytes
    return taken
  }
}

/** The size of a message, and its number of items, including ignored ones, which are not in its `LogInput`. */
export interface MessageSize {
  bytes: number
  items: number
}

/**
 * The sequencer's answer. 'unavailable': D1 cannot answer. 'refused': not appended; the Worker should append the
 * message itself.
 */
type Sequenced = Appended | 'unavailable' | 'refused'

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
   * Appends a message. Refuses it if the calling Worker is of another deployment, whose messages may have fields that
   * this code would drop. Never throws, because the platform logs exceptions, and D1's errors may quote personal data.
   */
  async append(
    deployment: string,
    logInput: LogInput,
    now: Instant,
    { bytes, items }: MessageSize,
  ): Promise<Sequenced> {
    if (deployment !== this.env.DEPLOYMENT.id) return 'refused'
    try {
      const appended = await this.#queue.append(logInput, now, bytes)
      this.#deliveries.add(countsOf(appended, items), now)
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

/** A larger message is appended directly by the Worker: it would delay others, and gain little from a shared commit. */
const sequencedBytesMax = 65_536

/** How long to wait for the object before pinging it, and how long to wait for the ping. */
const patienceMilliseconds = 3000
const pingMilliseconds = 1000

/** How long to wait after the ping: longer than the batch in flight and the next one may take. */
const answerMilliseconds = 10_000

/** The stub of the only Sequencer. */
export const sequencerOf = ({ SEQUENCER }: Pick<Env, 'SEQUENCER'>) => SEQUENCER.getByName('log')

type AppendEnv = Pick<Env, 'DB' | 'SEQUENCER' | 'DEPLOYMENT'>

const sequence = async (
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
  await within(pingMilliseconds, sequencer.ping(), 'The sequencer does not answer')
  const late = await within(answerMilliseconds, answer, 'The sequencer is late').catch(
    () => 'unavailable' as const,
  )
  // This late, no time is left to append directly before the sender times out. The sender will retry.
  return late === 'refused' ? 'unavailable' : late
}

/** How long a sender waits until its message is counted. Nothing depends on the count. */
const countMilliseconds = 500

/** Counts a message that the sequencer did not append. Gives up silently if the sequencer does not answer. */
const countMessage = async (env: AppendEnv, counts: DeliveryCounts, now: Instant): Promise<void> => {
  const counting = (async () => await sequencerOf(env).count(counts, now))()
  await within(countMilliseconds, counting, 'The sequencer is late').catch(() => undefined)
}

/** Counts a message that was refused despite a valid signature. */
export const countRefused = async (env: AppendEnv, now: Instant): Promise<void> =>
  await countMessage(env, { ...noDeliveries, refused: 1 }, now)

/**
 * Appends a webhook's facts through the sequencer, in one commit with webhooks that arrive at the same time. Appends
 * them directly if the message is larger than 64 KiB, if the sequencer cannot be reached, or if it refuses within 3 s.
 * Takes at most 14 s. Throws what `append` throws.
 */
export const appendInTurn = async (
  env: AppendEnv,
  logInput: LogInput,
  now: Instant,
  size: MessageSize,
): Promise<Appended> => {
  if (size.bytes > sequencedBytesMax) {
    const appended = await append(env.DB, logInput, 'webhook', now)
    await countMessage(env, countsOf(appended, size.items), now)
    return appended
  }
  const sequenced = await sequence(env, logInput, now, size).catch(() => {
    logOutage('object', 'no answer')
    return 'refused' as const
  })
  if (sequenced === 'unavailable') throw new LogUnavailable('The log cannot answer now')
  return sequenced === 'refused' ? await append(env.DB, logInput, 'webhook', now) : sequenced
}
