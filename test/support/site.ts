import { env, exports } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { noon } from './clock.ts'
import { checkResponse } from './checkResponse.ts'
import { within } from './within.ts'

/** The newest of the secrets in vitest.config.ts. */
export const secret = env.WEBHOOK_SECRETS.split(' ')[0] ?? ''

/** The operator's, of vitest.config.ts. */
export const token = env.ADMIN_TOKEN

/** Asks the Worker as any caller would. An answer that is not as its route promises fails the test. */
export const fetchApi = async (
  path: string,
  init?: RequestInit,
  origin = 'https://perennial.example',
): Promise<Response> => {
  const request = new Request(`${origin}${path}`, init)
  const answered = exports.default.fetch(request)
  return checkResponse(request, await within(`${request.method} ${path.slice(0, 200)}`, answered))
}

/** What a JSON answer holds; tests say what they expect of it. */
export type Json = any // oxlint-disable-line typescript/no-explicit-any -- the shape is what a test asserts

/** Reads JSON from a public address, which must answer 200. */
export const read = async (path: string): Promise<Json> => {
  const response = await fetchApi(path)
  if (response.status !== 200)
    throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

let messages = 0

/** The headers of a signed message: signed by the Standard Webhooks reference library, not by our own code. */
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

/** Posts a body as the site does, signed. */
export const post = async (body: string): Promise<Response> =>
  fetchApi('/v1/webhooks', { method: 'POST', body, headers: sign(body) })

/** Sends a message; it must be taken. */
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

/** A Contribution as a site would send it; say only what matters to the test. */
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
