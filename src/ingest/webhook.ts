import { configured } from '../configuration.ts'
import { problemResponse, type Problem } from '../http/problem.ts'
import { countAgainst } from '../http/rateLimit.ts'
import type { Call } from '../http/route.ts'
import { append } from '../log/append.ts'
import { appendageOf, resultsOf, type Result } from './appendage.ts'
import { bodyBytesMax, readBody } from './body.ts'
import { parseMessage, pointerOf, type Message } from './message.ts'
import { warningsMax, type Receipt } from './receipt.ts'
import { envelopeSchema } from './schemas.ts'
import { verifySignature } from './signature.ts'
import { suggestionFor, unknownFields, wholeMessages } from './unknownFields.ts'

const tooLarge: Problem = {
  problem: 'payload-too-large',
  detail: `Cannot take a body of more than ${bodyBytesMax} bytes: send fewer items at a time`,
}

const invalidSignature: Problem = {
  problem: 'invalid-signature',
  detail:
    'Cannot verify the message: check secret, headers, clock and that the body is sent as it was signed',
}

const notJson: Problem = {
  problem: 'unsupported-media-type',
  detail: 'Cannot take this body: send it with the header "Content-Type: application/json"',
}

const malformed: Problem = { problem: 'malformed-json', detail: 'Cannot read the body: send JSON in UTF-8' }

/** The media type by name; of its parameters only a charset other than UTF-8 is in the way. */
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

const decodeJson = (bytes: Uint8Array): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)) }
  } catch {
    return undefined
  }
}

const countOf = (results: readonly Result[], status: Result['status']): number =>
  results.filter((result) => result.status === status).length

const messages = wholeMessages(envelopeSchema)

/** The fields of a valid message that were ignored, as far as its sender is told. */
const warningsOf = (input: unknown, { type }: Message): Pick<Receipt, 'warnings'> => {
  const warnings = unknownFields(messages[type], input)
    .take(warningsMax)
    .map((field) => {
      const meant = suggestionFor(field)
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
      return { pointer: pointerOf(field.path), detail: `Ignored: there is no such field here${hint}` }
    })
    .toArray()
  return warnings.length === 0 ? {} : { warnings }
}

/** `POST /v1/webhooks`: checks a message step by step, appends it, and answers 200 only after the commit. */
export const receiveWebhook = async (call: Call): Promise<Response> => {
  const { request, env, now } = call
  const keys = configured(env, 'WEBHOOK_SECRETS')
  const systemUsers = configured(env, 'SYSTEM_USER_IDS')
  const body = await readBody(request, bodyBytesMax)
  if (body === undefined) return problemResponse(tooLarge)
  if (!(await verifySignature(request.headers, body, keys, now))) {
    return problemResponse((await countAgainst('failed signatures', call)) ?? invalidSignature)
  }
  if (!isJson(request.headers.get('content-type'))) return problemResponse(notJson)
  const json = decodeJson(body)
  if (json === undefined) return problemResponse(malformed)
  const message = parseMessage(json.value, now)
  if (!message.ok) {
    const wrong = message.faults.length === 1 ? '1 thing is' : `${message.faults.length} things are`
    const detail = `Cannot take the message: ${wrong} wrong, and nothing was written`
    return problemResponse({ problem: 'invalid-message', detail, errors: message.faults })
  }
  const appended = await append(env.DB, appendageOf(message.value, systemUsers), 'webhook', now)
  const results = resultsOf(message.value, systemUsers, appended)
  const receipt: Receipt = {
    position: appended.position,
    recorded: countOf(results, 'recorded'),
    duplicate: countOf(results, 'duplicate'),
    conflict: countOf(results, 'conflict'),
    ignored: countOf(results, 'ignored'),
    results: results.map((result, index) => Object.assign({ index }, result)),
    ...warningsOf(json.value, message.value),
  }
  return Response.json(receipt, { headers: { 'cache-control': 'no-store' } })
}
