import { isSignedByDiscourse, signedHeaders } from './signatures.ts'
import { toMessages, UnexpectedPayload, type DiscourseEvent, type Message, type Site } from './toMessages.ts'

/** The relay's settings: README.md says where each comes from. */
export interface Env {
  DISCOURSE_URL: string
  DISCOURSE_WEBHOOK_SECRET: string
  /** JSON: the ID of each category that counts, with its slug. */
  CATEGORIES: string
  COUNT_STAFF?: string
  PERENNIAL_URL: string
  PERENNIAL_WEBHOOK_SECRET: string
  /** Perennial as a service binding, for two Workers of one account; without it, the relay calls PERENNIAL_URL. */
  PERENNIAL?: { fetch: typeof fetch }
}

/** More than the longest post that Discourse can be configured to allow. */
const bodyBytesMax = 4 * 1024 * 1024

/** Discourse gives up after 20 s. */
const timeoutMilliseconds = 15_000

// Discourse switches a webhook off after answers of 404 or 410, and shows its admins the answer's text.
const answer = (status: number, text: string): Response => new Response(`${text}\n`, { status })

/** The whole body, or undefined as soon as it is too long. */
const readBody = async (request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength
    if (length > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

/** What Perennial accepts as a product. A slug in a non-Latin script is not valid. */
const productPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

const siteOf = (env: Env): Site => ({
  url: env.DISCOURSE_URL.replace(/\/+$/, ''),
  categories: new Map(
    Object.entries<string>(JSON.parse(env.CATEGORIES)).map(([id, slug]) => [
      Number(id),
      productPattern.test(slug) ? slug : null,
    ]),
  ),
  countsStaff: env.COUNT_STAFF === 'true',
})

/** The event that a signed request reports. The body holds it under the name of its type. Throws an UnexpectedPayload. */
const eventOf = (headers: Headers, body: Uint8Array<ArrayBuffer>): DiscourseEvent => {
  const type = headers.get('x-discourse-event-type') ?? ''
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new UnexpectedPayload('The body is not JSON')
  }
  const payload: unknown =
    typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, type)
      ? Reflect.get(parsed, type)
      : undefined
  if (type === 'ping') return { name: 'ping', payload: {} }
  if (typeof payload !== 'object' || payload === null)
    throw new UnexpectedPayload('The body has no object with the name of the event type')
  return { name: headers.get('x-discourse-event') ?? '', payload: { ...payload } }
}

/** Sends one message. Resolves to an answer for Discourse if Perennial did not accept it. */
const send = async (message: Message, id: string, env: Env): Promise<Response | undefined> => {
  const body = JSON.stringify(message)
  const headers = await signedHeaders(id, body, env.PERENNIAL_WEBHOOK_SECRET, Date.now())
  const request = new Request(new URL('/v1/webhooks', env.PERENNIAL_URL), {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
  })
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  const response = await (env.PERENNIAL?.fetch(request, { signal }) ?? fetch(request, { signal }))
  const text = await response.text()
  if (response.status === 200) return undefined
  return answer(
    response.status === 422 ? 422 : 502,
    `Perennial answered ${response.status}: ${text.slice(0, 2000)}`,
  )
}

/** Handles one webhook of Discourse: answers 200 only when Perennial has recorded what the event means. */
const relay = async (request: Request, env: Env): Promise<Response> => {
  if (request.method !== 'POST') return answer(405, 'Send a webhook of Discourse by POST')
  const body = await readBody(request)
  if (body === undefined) return answer(413, 'The body is too long')
  const signature = request.headers.get('x-discourse-event-signature')
  if (!(await isSignedByDiscourse(signature, body, env.DISCOURSE_WEBHOOK_SECRET)))
    return answer(401, 'Invalid signature')
  const messages = toMessages(eventOf(request.headers, body), siteOf(env), new Date().toISOString())
  // A retry has a new ID. Nothing depends on it, because Perennial identifies a contribution by its content.
  const eventId =
    /^\d{1,20}$/.exec(request.headers.get('x-discourse-event-id') ?? '')?.[0] ?? crypto.randomUUID()
  for (const [index, message] of messages.entries()) {
    const refused = await send(message, `discourse_${eventId}_${index}`, env)
    if (refused !== undefined) return refused
  }
  return answer(
    200,
    messages.length === 0 ? 'Not counted' : `Sent ${messages.map(({ type }) => type).join(', ')}`,
  )
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      return await relay(request, env)
    } catch (error) {
      if (error instanceof UnexpectedPayload) return answer(422, `Unexpected payload: ${error.message}`)
      // No answer from Perennial, or a missing setting. The error names neither a secret nor a person.
      console.error(error)
      return answer(502, 'The event could not be passed on')
    }
  },
}
