import { CommandFailure } from '../src/cli/command.ts'
import { counted, formatNumber } from '../src/cli/console/format.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { SentMessage } from './community/message.ts'
import { toDelivery, type Receipt, type Site } from '../src/cli/send/site.ts'

/** The outcomes of the items sent. */
export interface Sent {
  messages: number
  redelivered: number
  items: Record<Receipt['results'][number]['status'], number>
  /** The log position from which on every answer reflects all of it. */
  position: number
}

/** Every 25th message is delivered twice, as if its first answer had been lost. */
const redeliverEvery = 25

/** Delivers messages one by one and in order, some of them twice. Throws a CommandFailure when it is stopped. */
export const send = async (
  site: Site,
  verb: string,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<Sent> => {
  const items = { recorded: 0, duplicate: 0, conflict: 0, ignored: 0, applied: 0, unchanged: 0 }
  const sent: Sent = { messages: 0, redelivered: 0, items, position: 0 }
  const progress = startProgress(verb, messages.length)
  const deliver = async (delivery: ReturnType<typeof toDelivery>): Promise<void> => {
    const { results, position } = await site.deliver(delivery)
    for (const { status } of results) items[status] += 1
    sent.position = position
  }
  try {
    for (const [index, message] of messages.entries()) {
      if (stop.aborted) throw new CommandFailure('Stopped before the end: run the same command again')
      const delivery = toDelivery(message)
      await deliver(delivery)
      sent.messages += 1
      if (index % redeliverEvery === redeliverEvery - 1) {
        await deliver(delivery)
        sent.redelivered += 1
      }
      progress.advance(index + 1, sent.messages)
    }
  } finally {
    progress.end()
  }
  return sent
}

export const describeSent = ({ messages, redelivered, items }: Sent): string => {
  const outcomes = Object.entries(items).filter(([, count]) => count > 0)
  const twice = redelivered > 0 ? `, ${formatNumber(redelivered)} of them twice` : ''
  return `${counted(messages, 'signed webhook')}${twice}: ${outcomes
    .map(([status, count]) => `${status} ${formatNumber(count)}`)
    .join(', ')}`
}
