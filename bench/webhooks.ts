import { createHmac, randomUUID } from 'node:crypto'
import type { SentContribution } from '../test/support/oracle.ts'
import type { SentRequest } from './measure.ts'
import { webhookSecret } from './server.ts'

/** The maximum number of contributions in a message. */
export const batchItems = 1000

const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64')

/**
 * A signed `contribution.created` message. It is signed in advance, so that signing is not measured. The Worker accepts
 * it for five minutes.
 */
export const aWebhook = (data: object): SentRequest => {
  const now = new Date()
  const id = `msg_${randomUUID()}`
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const body = JSON.stringify({ type: 'contribution.created', timestamp: now.toISOString(), data })
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
  return { method: 'POST', path: '/v1/webhooks', headers, body }
}

/** Splits contributions into batches of the maximum size, in order. */
export const batchesOf = (contributions: readonly SentContribution[]): SentContribution[][] =>
  Array.from({ length: Math.ceil(contributions.length / batchItems) }, (_, index) =>
    contributions.slice(index * batchItems, (index + 1) * batchItems),
  )
