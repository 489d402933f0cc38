import { CommandFailure } from '../src/cli/command.ts'
import { startProgress } from '../src/cli/console/progress.ts'
import type { SentMessage } from './community/message.ts'
import { toDelivery, type Receipt, type Site } from './site.ts'

/** What became of the items that were sent. */
export interface Sent {
  messages: number
  redelivered: number
  items: Record<Receipt['results'][number]['status'], number>
}

/** One message in so many is delivered a second time, as after an answer that was lost. */
const redeliverEvery = 25

const number = new Intl.NumberFormat('en-US')

/** Delivers messages one after the other, in their order, some of them twice. Stops between two when asked. */
export const send = async (
  site: Site,
  verb: string,
  messages: readonly SentMessage[],
  stop: AbortSignal,
): Promise<Sent> => {
  const items = { recorded: 0, duplicate: 0, conflict: 0, ignored: 0, applied: 0, unchanged: 0 }
  const sent: Sent = { messages: 0, redelivered: 0, items }
  const progress = startProgress(verb, messages.length)
  const deliver = async (delivery: ReturnType<typeof toDelivery>): Promise<void> => {
    for (const { status } of (await site.deliver(delivery)).results) items[status] += 1
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

/** What was sent, to read. */
export const describeSent = ({ messages, redelivered, items }: Sent): string => {
  const outcomes = Object.entries(items).filter(([, count]) => count > 0)
  const twice = redelivered > 0 ? `, ${number.format(redelivered)} of them twice` : ''
  return `${number.format(messages)} signed ${messages === 1 ? 'webhook' : 'webhooks'}${twice}: ${outcomes
    .map(([status, count]) => `${status} ${number.format(count)}`)
    .join(', ')}`
}
