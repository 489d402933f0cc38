import { makeCommunity, communityMilliseconds } from '../../../demo/community/makeCommunity.ts'
import { aMessage, deliver } from '../../system/support/site.ts'

const batch = 1000
const hour = 3_600_000

/**
 * Sends the demo's community, up to an hour ago, in a few large webhooks, because the numbers do not depend on the number
 * of messages. Retractions are sent before restorations, as in the demo.
 */
export const sendDemo = async (url: string): Promise<void> => {
  const { messages, to } = makeCommunity(Date.now() - communityMilliseconds - hour)
  const send = async (type: string, timestamp: number): Promise<void> => {
    const items = messages.flatMap((message) => (message.type === type ? message.data : []))
    for (let start = 0; start < items.length; start += batch) {
      const at = new Date(timestamp).toISOString()
      await deliver(url, aMessage(type, items.slice(start, start + batch), at))
    }
  }
  const kinds = new Set(messages.map(({ type }) => type))
  for (const type of kinds) await send(type, type === 'contribution.restored' ? to + 1 : to)
}
