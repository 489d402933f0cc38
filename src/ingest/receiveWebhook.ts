import * as z from 'zod/mini'
import { configured } from '../configuration.ts'
import { isFailure, type Result } from '../failure.ts'
import { documented } from '../http/documented.ts'
import { endpoint } from '../http/endpoint.ts'
import { checkRateLimit } from '../http/rateLimit.ts'
import { append } from '../log/append.ts'
import { bodyBytesMax, parseJson, readBody } from './body.ts'
import { messageExamples } from './examples.ts'
import { logInputOf, resultsOf, type ItemResult } from './logInput.ts'
import { parseMessage, pointerOf, type Message } from './message.ts'
import { messageSchema } from './messageSchema.ts'
import { receipt, warningsMax, type Receipt } from './receipt.ts'
import { envelopeSchema } from './schemas.ts'
import { verifySignature } from './signature.ts'
import { suggestionFor, unknownFields, wholeMessages } from './unknownFields.ts'

const headers = z.object({
  'webhook-id': z.string().check(z.minLength(1)).register(documented, {
    description: 'The message’s own id, the same for every delivery of it',
  }),
  'webhook-timestamp': z
    .string()
    .check(z.regex(/^[0-9]{1,12}$/))
    .register(documented, {
      description: 'When this delivery is sent, in unix seconds: at most 300 s ago and 60 s ahead',
    }),
  'webhook-signature': z.string().check(z.minLength(1)).register(documented, {
    description:
      'One or more, separated by spaces: `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{raw body}`',
  }),
})

/** Whether a Content-Type is JSON in UTF-8. Parameters other than the charset are ignored. */
const isJson = (contentType: string | null): boolean => {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const charsets = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => /^charset\s*=/.test(parameter))
  return (
    type.trim() === 'application/json' &&
    charsets.every((charset) => /^charset\s*=\s*"?utf-8"?$/.test(charset))
  )
}

/** The JSON of a body, wrapped: it may be an object with a field "failure". */
const decodeJson = (bytes: Uint8Array): Result<{ value: unknown }> => {
  try {
    return { value: parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)) }
  } catch {
    return { failure: 'malformed-json' }
  }
}

const countOf = (results: readonly ItemResult[], status: ItemResult['status']): number =>
  results.filter((result) => result.status === status).length

const toReceipt = (position: number, results: readonly ItemResult[]): Receipt => ({
  position,
  recorded: countOf(results, 'recorded'),
  duplicate: countOf(results, 'duplicate'),
  conflict: countOf(results, 'conflict'),
  ignored: countOf(results, 'ignored'),
  results: results.map((result, index) => Object.assign({ index }, result)),
})

const messages = wholeMessages(envelopeSchema)

/** The first fields of a valid message that were ignored. */
const warningsOf = (input: unknown, { type }: Message): { warnings?: Receipt['warnings'] } => {
  const warnings = unknownFields(messages[type], input)
    .take(warningsMax)
    .map((field) => {
      const meant = suggestionFor(field)
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
      return { pointer: pointerOf(field.path), detail: `Ignored: unknown field${hint}` }
    })
    .toArray()
  return warnings.length === 0 ? {} : { warnings }
}

/** `POST /v1/webhooks`. It checks a message step by step, appends it, and answers 200 only after the commit. */
export const receiveWebhook = endpoint({
  id: 'receiveWebhook',
  tag: 'Webhooks',
  summary: 'Send a webhook',
  description:
    'Takes one message, signed as Standard Webhooks specifies (standardwebhooks.com), of at most 1 MiB. `data` is one object or an array of 1 to 1,000. A batch is validated as a whole before anything is written: one invalid item means 422, and nothing is recorded. 200 comes after the commit, with a verdict for each item: a contribution that was recorded before with the same facts is a `duplicate`, with other facts a `conflict`, and the first one stands. Fields that are not named here are ignored, and `warnings` lists them. A 4xx wrote nothing; a 5xx may have written all of it, never a part. Retry 408, 429 and 5xx unchanged; fix other 4xx first.',
  query: z.strictObject({}),
  input: { headers, message: messageSchema },
  answer: receipt,
  cached: false,
  problems: [
    'payload-too-large',
    'invalid-signature',
    'unsupported-media-type',
    'malformed-json',
    'invalid-message',
  ],
  examples: messageExamples,
  async handle(call) {
    const { request, env, now } = call
    const keys = configured(env, 'WEBHOOK_SECRETS')
    const systemUsers = configured(env, 'SYSTEM_USER_IDS')
    const body = await readBody(request, bodyBytesMax)
    if (body === undefined) return { failure: 'payload-too-large' }
    if (!(await verifySignature(request.headers, body, keys, now)))
      return (await checkRateLimit('failed signatures', call)) ?? { failure: 'invalid-signature' }
    if (!isJson(request.headers.get('content-type'))) return { failure: 'unsupported-media-type' }
    const json = decodeJson(body)
    if (isFailure(json)) return json
    const message = parseMessage(json.value, now)
    if (isFailure(message)) return message
    const appended = await append(env.DB, logInputOf(message, systemUsers), 'webhook', now)
    const results = resultsOf(message, systemUsers, appended)
    const warnings = warningsOf(json.value, message)
    return { body: { ...toReceipt(appended.position, results), ...warnings }, freshness: 'never' }
  },
})
