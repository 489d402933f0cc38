import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailure } from '../../../src/cli/command.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'
import { signedHeaders } from '../../system/support/site.ts'
import type { Findings } from '../findings.ts'
import type { Ledger } from './ledger.ts'
import type { Plan, PlannedMessage } from '../community/plan.ts'
import type { SoakWorker } from './worker.ts'

const senders = 6

/** The limits of sending: messages per second and in all, until it is aborted. */
export interface Pace {
  messagesPerSecond: number
  messagesMost: number
  over: AbortSignal
}

/** The counts of the senders. */
export interface Sending {
  sent: number
  resent: number
}

/** What the senders share. */
export interface Site {
  worker: SoakWorker
  ledger: Ledger
  findings: Findings
}

/** One attempt; undefined if there was no answer. */
const attempt = async (url: string, message: PlannedMessage): Promise<Response | undefined> => {
  const { type, timestamp, data } = message
  const body = JSON.stringify({ type, timestamp, data })
  const headers = signedHeaders({ id: message.id, body })
  const signal = AbortSignal.timeout(hangMilliseconds)
  try {
    const response = await fetch(`${url}/v1/webhooks`, { method: 'POST', headers, body, signal })
    // An answer that breaks off counts as none: the message may be in the log or not.
    const text = await response.text()
    return new Response(text, { status: response.status })
  } catch {
    return undefined
  }
}

/** Delivers a message like a site: retries until it is acknowledged. */
const deliver = async (
  { worker, ledger, findings }: Site,
  message: PlannedMessage,
  sending: Sending,
): Promise<void> => {
  const request = `${message.type} ${message.id}`
  for (const deadline = Date.now() + hangMilliseconds; ; sending.resent += 1) {
    const life = await worker.whenUp()
    const response = await attempt(life.url, message)
    if (response?.status === 200) return ledger.acknowledge(message, await response.json())
    if (response === undefined) {
      findings.require(request, !worker.isAlive(life), 'the Worker did not answer, although it is up')
    } else if (response.status !== 503) {
      findings.add(request, `the Worker answered ${response.status}: ${await response.text()}`)
      if (response.status < 500) return
    }
    if (Date.now() > deadline)
      throw new CommandFailure(`Cannot deliver ${request}: the Worker has refused it for ten minutes`)
    await pause(20 + Math.random() * 100)
  }
}

/** Sends the plan in parallel. Resolves when it is aborted and every sent message is acknowledged. */
export const sendAll = async (
  site: Site,
  plan: Plan,
  { messagesPerSecond, messagesMost, over }: Pace,
): Promise<Sending> => {
  const sending = { sent: 0, resent: 0 }
  const startedAt = performance.now()
  const sendOwn = async (): Promise<void> => {
    while (!over.aborted && sending.sent < messagesMost) {
      const dueAt = startedAt + (sending.sent * 1000) / messagesPerSecond
      sending.sent += 1
      const message = plan.next()
      await pause(Math.max(0, dueAt - performance.now()))
      await deliver(site, message, sending)
    }
  }
  await Promise.all(Array.from({ length: senders }, sendOwn))
  return sending
}
