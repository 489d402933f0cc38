import { DurableObject } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { append, joinInputs, splitAppended, type Appended, type LogInput } from '../log/append.ts'
import { logOutage, LogUnavailable, within } from '../log/database.ts'

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

/** What the sequencer says of a message: what became of it, that D1 cannot answer, or that it was not appended. */
type Sequenced = Appended | 'unavailable' | 'refused'

/**
 * The one object through which webhooks are appended, so that one commit serves all that arrive during the last one. It
 * stores nothing, and correctness does not depend on it: a message that is appended twice counts once.
 */
export class Sequencer extends DurableObject<Env> {
  #queue = new AppendQueue(
    async (logInput, now) =>
      await within(
        batchMilliseconds,
        append(this.env.DB, logInput, 'webhook', now),
        'The log has not answered in time',
        () => logOutage('log', 'no answer in time'),
      ),
  )

  /**
   * Appends a message of a Worker of the same deployment: another one may know facts that this one would drop. Never
   * throws, because the platform logs what is thrown, and D1's errors may quote personal data.
   */
  async append(deployment: string, logInput: LogInput, now: Instant, bytes: number): Promise<Sequenced> {
    if (deployment !== this.env.DEPLOYMENT.id) return 'refused'
    try {
      return await this.#queue.append(logInput, now, bytes)
    } catch (error) {
      return error instanceof LogUnavailable ? 'unavailable' : 'refused'
    }
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
  bytes: number,
): Promise<Sequenced> => {
  const sequencer = sequencerOf(env)
  const answer = (async (): Promise<Sequenced> =>
    await sequencer.append(env.DEPLOYMENT.id, logInput, now, bytes))()
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

/**
 * Appends a webhook, together with those that arrive at the same time; `bytes` is its length. If the sequencer cannot
 * answer, or refuses within 3 s, the message is appended by itself. Takes at most 14 s. Throws what `append` throws.
 */
export const appendInTurn = async (
  env: AppendEnv,
  logInput: LogInput,
  now: Instant,
  bytes: number,
): Promise<Appended> => {
  if (bytes > sequencedBytesMax) return await append(env.DB, logInput, 'webhook', now)
  const sequenced = await sequence(env, logInput, now, bytes).catch(() => {
    logOutage('object', 'no answer')
    return 'refused' as const
  })
  if (sequenced === 'unavailable') throw new LogUnavailable('The log cannot answer now')
  return sequenced === 'refused' ? await append(env.DB, logInput, 'webhook', now) : sequenced
}
