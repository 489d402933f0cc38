import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { projectDirectory } from '../../../src/cli/platform/wrangler.ts'
import { faultsOf, schemaAt } from '../../support/document.ts'
import type { Json } from '../../support/site.ts'

/*
 * A client of the Worker that uses only HTTP and none of its code. It signs with Node's crypto by Standard Webhooks, and
 * checks every answer against the Worker's /openapi.json.
 */

const development = parseEnv(readFileSync(join(projectDirectory, '.dev.vars.example'), 'utf8'))

/** The development secrets of the Worker under test. */
export const secrets = {
  WEBHOOK_SECRETS: development['WEBHOOK_SECRETS'] ?? '',
  ADMIN_TOKEN: development['ADMIN_TOKEN'] ?? '',
}

const key = Buffer.from(secrets.WEBHOOK_SECRETS.replace('whsec_', ''), 'base64')

/** A message that can be delivered repeatedly. */
export interface Message {
  id: string
  body: string
}

export const aMessage = (type: string, data: unknown, timestamp = new Date().toISOString()): Message => ({
  id: `msg_${randomUUID()}`,
  body: JSON.stringify({ type, timestamp, data }),
})

/** The headers of a delivery, signed for the next minutes. */
export const signedHeaders = ({ id, body }: Message): Record<string, string> => {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}

const documents = new Map<string, Promise<Json>>()

/** Fetches a Worker's /openapi.json once. Fetches it again after a failure, because the Worker may be killed meanwhile. */
const documentOf = async (url: string): Promise<Json> => {
  const asked =
    documents.get(url) ??
    fetch(`${url}/openapi.json`, { headers: connection }).then(async (response) => response.json())
  documents.set(url, asked)
  try {
    return await asked
  } catch (error) {
    documents.delete(url)
    throw error
  }
}

/**
 * No connection is used twice: the Worker closes one that is idle for some seconds, which a busy machine may not have
 * noticed when it sends the next request.
 */
const connection = { connection: 'close' }

/** How often a busy machine may make a Worker answer 503 to one request: each takes it 2 s or more. */
const retriesMax = 30

/** Retries while the Worker answers 503. */
const fetchPatiently = async (send: () => Promise<Response>): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await send()
    if (response.status !== 503 || attempt === retriesMax) return response
    await response.body?.cancel()
    await pause(100)
  }
}

const jsonOf = async (response: Response, asked: string, url: string): Promise<Json> => {
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${asked} answered ${response.status}: ${text}`)
  const body = JSON.parse(text)
  const [method = '', path = ''] = asked.split(' ')
  const document = await documentOf(url)
  const schema = schemaAt(document, method, path.split('?')[0] ?? '')
  const faults = schema ? faultsOf(document, schema, body) : ['/openapi.json knows no such address']
  if (faults.length > 0) throw new Error(`${asked} answered ${text}: ${faults.join('; ')}`)
  return body
}

/** Signs a message for a delivery within the next minutes. The Worker must accept it. */
const prepare = (url: string, message: Message): (() => Promise<Json>) => {
  const headers = { ...signedHeaders(message), ...connection }
  const request = { method: 'POST', headers, body: message.body }
  return async () => {
    const response = await fetchPatiently(async () => await fetch(`${url}/v1/webhooks`, request))
    return await jsonOf(response, 'POST /v1/webhooks', url)
  }
}

/** Signs and delivers a message, which the Worker must accept. */
export const deliver = async (url: string, message: Message): Promise<Json> => await prepare(url, message)()

/** Reads JSON from the public API, which must answer 200. */
export const read = async (url: string, path: string): Promise<Json> =>
  await jsonOf(
    await fetchPatiently(async () => await fetch(`${url}${path}`, { headers: connection })),
    `GET ${path}`,
    url,
  )

/** The fields of an event in `GET /v1/log` that tests use. */
export interface Logged {
  position: number
  delta: number
  recorded_at: string
  type: string
  user: { id: number }
  occurred_at: string
  content: { type: string; id: string }
  parent: { type: string; id: string } | null
  locale: string
  product: string
  self: boolean
}

const pageEvents = 10_000

/** Reads the whole log as the operator. */
export const readLog = async (url: string): Promise<Logged[]> => {
  const events: Logged[] = []
  for (let more = true; more;) {
    const after = events.at(-1)?.position ?? 0
    const address = `${url}/v1/log?after=${after}&limit=${pageEvents}`
    const headers = { authorization: `Bearer ${secrets.ADMIN_TOKEN}`, ...connection }
    const response = await fetchPatiently(async () => await fetch(address, { headers }))
    const text = await response.text()
    if (response.status !== 200) throw new Error(`GET /v1/log answered ${response.status}: ${text}`)
    const page = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Logged => JSON.parse(line))
    events.push(...page)
    more = page.length === pageEvents
  }
  return events
}
