import { waitUntil } from 'cloudflare:workers'
import type { Instant } from '../contributions/instant.ts'
import { logOutage, LogUnavailable, within } from '../failure.ts'
import { append } from '../log/append.ts'
import type { Appended, LogInput } from '../log/logInput.ts'
import { countsOf, noDeliveries, type DeliveryCounts } from './Deliveries.ts'
import { sequencerOf, type MessageSize, type Sequenced } from './Sequencer.ts'
import { SharedCalls, type Call } from './SharedCalls.ts'

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
  await within(pingMilliseconds, sequencer.ping(), 'The sequencer does not answer')
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
  if (size.bytes > sequencedBytesMax) {
    const appended = await append(env.DB, logInput, 'webhook', now)
    await countMessage(env, countsOf(appended, size), now)
    return appended
  }
  const call = async (...joined: Parameters<Call>): Promise<Sequenced> => await sequence(env, ...joined)
  const sequencing = mayShareCalls() ? calls.append({ logInput, now, size }, call) : call(logInput, now, size)
  waitUntil(sequencing) // Other requests depend on this one, even if its client hangs up.
  const sequenced = await sequencing
  if (sequenced === 'unavailable') throw new LogUnavailable('The log cannot answer now')
  return sequenced === 'refused' ? await append(env.DB, logInput, 'webhook', now) : sequenced
}
