import { CommandFailure } from '../src/cli/command.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { SentContribution } from '../test/support/oracle.ts'
import { measure, type Measurement, type SentRequest } from './measure.ts'
import { aWebhook, batchesOf, batchItems } from './webhooks.ts'

/** The number of batches sent before measuring. */
const warmUpBatches = 10

/** The numbers of parallel senders to measure. Each loads an equal share of the contributions. */
const senderCounts = [1, 4]

/** The result of loading a share of the contributions. */
export interface Loading extends Measurement {
  events: number
  eventsPerSecond: number
}

/** Sends batches with parallel senders. Throws a CommandFailure if one is refused. */
export const sendBatches = async (
  url: URL,
  batches: readonly SentContribution[][],
  senders: number,
  onAnswer: () => void,
): Promise<Loading> => {
  const left = batches.values()
  const next = (): SentRequest => aWebhook(left.next().value ?? [])
  const name = `${senders} ${senders === 1 ? 'sender' : 'senders'}`
  const load = { connections: senders, requests: batches.length, seconds: Infinity, warmUp: 0, onAnswer }
  const [measurement] = await measure(url, [{ name, next }], load)
  if (measurement?.answered !== batches.length) throw new CommandFailure('Cannot load: a batch was refused')
  const events = batches.flat().length
  return { ...measurement, events, eventsPerSecond: (events * measurement.perSecond) / batches.length }
}

/**
 * Loads contributions with signed webhooks of 1,000 each, and measures this for each number of senders. Throws a
 * CommandFailure if there are too few contributions, or if the Worker refuses a batch.
 */
export const loadContributions = async (
  url: URL,
  contributions: readonly SentContribution[],
): Promise<Loading[]> => {
  const batches = batchesOf(contributions)
  const least = warmUpBatches + senderCounts.length
  if (batches.length < least) {
    throw new CommandFailure(
      `Cannot measure with ${contributions.length} contributions: use ${least * batchItems} or more`,
    )
  }
  const progress = startProgress('Loading', batches.length)
  let sent = 0
  const onAnswer = (): void => progress.advance((sent += 1), sent * batchItems)
  const measured = batches.slice(warmUpBatches)
  const share = Math.ceil(measured.length / senderCounts.length)
  await sendBatches(url, batches.slice(0, warmUpBatches), 1, onAnswer)
  const loadings: Loading[] = []
  for (const [index, senders] of senderCounts.entries()) {
    const own = measured.slice(index * share, (index + 1) * share)
    loadings.push(await sendBatches(url, own, senders, onAnswer))
  }
  progress.end()
  return loadings
}
