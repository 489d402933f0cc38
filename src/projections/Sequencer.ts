import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { append, joinInputs, splitAppended, type Appended, type LogInput } from '../log/append.ts'
import { logOutage, LogUnavailable, within } from '../log/database.ts'
import { countsOf, Deliveries, noDeliveries, type DeliveryCounts } from './Deliveries.ts'

/** The largest batch of several messages, some 1,000 contributions: a larger one makes others wait longer. */
const batchBytesMax = 262_144

/** How many bytes of messages may wait for the batch in flight. The next message is refused: D1 falls behind. */
const waitingBytesMax = 4_194_304

/** How long a batch may take. A message waits for one batch and then for its own, and its sender for 15 s. */
const batchMilliseconds = 6000

/**
 * How long a batch stays open if the one before it had several messages: their senders are answered, and send the next.
 * The first to come back would otherwise go alone, and make the others wait for a commit that costs as much as theirs.
 */
const gatheringMilliseconds = 2

/** A message that waits for its batch. */
interface Waiting {
  logInput: LogInput
  now: Instant
  bytes: number
  resolve: (appended: Appended) => void
  reject: (reason: unknown) => void
}

/**
 * Appends one batch at a time. Messages that arrive while a batch is in flight wait, and go together as the next batch.
 * While none is in flight a message goes at once, or 2 ms later if the last batch had several. A batch that fails with
 * LogUnavailable fails every message that waits: they would meet the same outage, one batch after the other.
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

  /** Resolves after the commit. `bytes` is the length of the message. Throws what appending its batch throws. */
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

  /** The messages that have waited longest, at least one, up to the size of a batch. */
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

/** How long a message is, and how many items it has: those that `logInput` lacks are ignored. */
export interface MessageSize {
  bytes: number
  items: number
}

/** What the sequencer says of a message: what became of it, that D1 cannot answer, or that it was not appended. */
type Sequenced = Appended | 'unavailable' | 'refused'

/**
 * The one object through which webhooks are appended, so that one commit serves all that arrive during the last one.
 * Correctness does not depend on it: a message that is appended twice counts once. It stores only how many messages came.
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
   * Appends a message of a Worker of the same deployment: another one may know facts that this one would drop. Never
   * throws, because the platform logs what is thrown, and D1's errors may quote personal data.
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

  /** Counts a message that did not come through `append`. */
  count(counts: DeliveryCounts, now: Instant): void {
    this.#deliveries.add(counts, now)
  }

  /** What became of the messages of the last 90 days that had any, newest first, and when the last one came. */
  deliveries(): Deliveries['state'] {
    return this.#deliveries.state
  }

  /** Answers at once, whatever D1 does. */
  ping(): void {}
}

/** A larger message is appended by itself: it would make others wait, and gain little from a commit that it shares. */
const sequencedBytesMax = 65_536

/** How long the object may take before it is asked whether it is there, and how long it may take to say so. */
const patienceMilliseconds = 3000
const pingMilliseconds = 1000

/** After that, longer than the object takes for the batch in flight and the next one. */
const answerMilliseconds = 10_000

/** The one object that appends webhooks. */
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
  // If it answers another call, D1 is slow, and a second append would make it slower.
  await within(pingMilliseconds, sequencer.ping(), 'The sequencer does not answer')
  const late = await within(answerMilliseconds, answer, 'The sequencer is late').catch(
    () => 'unavailable' as const,
  )
  // A refusal that comes this late leaves no time for an append before the sender gives up: it sends again.
  return late === 'refused' ? 'unavailable' : late
}

/** How long a sender waits for a count of their message, which nothing depends on. */
const countMilliseconds = 500

/** Counts a message that the sequencer did not append, if it answers. */
const countMessage = async (env: AppendEnv, counts: DeliveryCounts, now: Instant): Promise<void> => {
  const counting = (async () => await sequencerOf(env).count(counts, now))()
  await within(countMilliseconds, counting, 'The sequencer is late').catch(() => undefined)
}

/** Counts a message that was refused although its signature was valid. */
export const countRefused = async (env: AppendEnv, now: Instant): Promise<void> =>
  await countMessage(env, { ...noDeliveries, refused: 1 }, now)

/**
 * Appends a webhook, together with those that arrive at the same time. If the sequencer cannot
 * answer, or refuses within 3 s, the message is appended by itself. Takes at most 14 s. Throws what `append` throws.
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
