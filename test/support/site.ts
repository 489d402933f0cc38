import { env, exports } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { noon } from './clock.ts'
import { checkResponse } from './checkResponse.ts'
import { within } from './within.ts'

/** The newest of the secrets in vitest.config.ts. */
export const secret = env.WEBHOOK_SECRETS.split(' ')[0] ?? ''

/** The operator's token in vitest.config.ts. */
export const token = env.ADMIN_TOKEN

/** Sends the Worker a request as any caller would. Throws when the response is not one that its route documents. */
export const fetchApi = async (
  path: string,
  init?: RequestInit,
  origin = 'https://perennial.example',
): Promise<Response> => {
  const request = new Request(`${origin}${path}`, init)
  const responding = exports.default.fetch(request)
  return checkResponse(request, await within(`${request.method} ${path.slice(0, 200)}`, responding))
}

/** A JSON answer, whose shape is what a test asserts. */
export type Json = any // oxlint-disable-line typescript/no-explicit-any -- the shape is what a test asserts

/** How often a busy machine may keep one scan waiting for too long: each attempt waits up to 2 s. */
const attemptsMax = 20

/** Reads JSON from a public path, and retries while the answer is 503. Throws unless the answer is 200. */
export const read = async (path: string): Promise<Json> => {
  let response = await fetchApi(path)
  for (let attempt = 1; attempt < attemptsMax && response.status === 503; attempt += 1) {
    await response.body?.cancel()
    response = await fetchApi(path)
  }
  if (response.status !== 200)
    throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

let messages = 0

/** The headers of a message, signed by the Standard Webhooks reference library rather than by our own code. */
export const sign = (body: string, at = Date.now(), key = secret): Record<string, string> => {
  messages += 1
  const id = `msg_${messages}`
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(key).sign(id, new Date(at), body),
  }
}

/** Posts a signed body. */
export const post = async (body: string): Promise<Response> =>
  fetchApi('/v1/webhooks', { method: 'POST', body, headers: sign(body) })

/** Sends a message. Throws unless the answer is 200. */
export const send = async (
  type: string,
  data: unknown,
  timestamp: number | string = Date.now(),
): Promise<Json> => {
  const response = await post(JSON.stringify({ type, timestamp: new Date(timestamp).toISOString(), data }))
  if (response.status !== 200)
    throw new Error(`${type} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

let contents = 0

/** A contribution with content of its own; `fields` are those that matter to the test. */
export const aContribution = (fields: Record<string, unknown> = {}): Record<string, unknown> => {
  contents += 1
  return {
    type: 'answer',
    user: { id: 1 },
    occurred_at: new Date(noon - 60_000).toISOString(),
    content: { type: 'questions.answer', id: `a${contents}` },
    ...fields,
  }
}
