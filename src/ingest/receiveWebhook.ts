import * as z from 'zod/mini'
import { configured } from '../configuration.ts'
import { ignoredReasons } from '../contributions/contribution.ts'
import type { Instant } from '../contributions/instant.ts'
import { isFailure, type Result } from '../failure.ts'
import { described, documented } from '../http/documented.ts'
import { endpoint } from '../http/endpoint.ts'
import { checkRateLimit } from '../http/rateLimit.ts'
import { appendWebhook, countRefused } from '../projections/Sequencer.ts'
import { bodyBytesMax, decodeJson, isJson, readBody, verifySignature } from './signedBody.ts'
import { messageExamples } from './examples.ts'
import { logInputOf, parseMessage, resultsOf, type ItemResult, type Message } from './message.ts'
import { instant, itemSchemas, itemsMax } from './schemas.ts'
import { warningsMax, warningsOf } from './unknownFields.ts'

const headers = z.object({
  'webhook-id': z.string().check(z.minLength(1)).register(documented, {
    description: 'The message’s own id, the same for every delivery of it',
  }),
  'webhook-timestamp': z
    .string()
    .check(z.regex(/^[0-9]{1,12}$/))
    .register(documented, {
      description: 'When this delivery is sent, in Unix seconds: at most 300 s ago and 60 s ahead',
    }),
  'webhook-signature': z.string().check(z.minLength(1)).register(documented, {
    description:
      'One or more, separated by spaces: `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{raw body}`',
  }),
})

/*
 * The schema of a whole message, used only in the API document. message.ts validates received messages part by part
 * with the same item schemas, so that each error points to its place.
 */

const timestamp = z.pipe(instant, z.number()).register(documented, {
  description:
    'When the fact became true at the sender: RFC 3339 with an offset, at most 5 minutes ahead. It orders facts about the same thing',
})

const messageOf = <Type extends keyof typeof itemSchemas>(type: Type, id: string, description: string) => {
  const item = itemSchemas[type]
  return z
    .object({
      type: described(z.literal(type), 'The type of the message'),
      timestamp,
      data: described(
        z.union([item, z.array(item).check(z.minLength(1), z.maxLength(itemsMax))]),
        'One item, or an array of 1 to 1,000',
      ),
    })
    .register(documented, { id, description })
}

/** Any message that a site can send. */
const messageSchema = z
  .discriminatedUnion('type', [
    messageOf(
      'contribution.created',
      'ContributionCreated',
      'New contributions, which are appended to the log',
    ),
    messageOf(
      'contribution.retracted',
      'ContributionRetracted',
      'All contributions about the content, or only those of the given type, stop counting, in every window, lifetime total and past instant',
    ),
    messageOf('contribution.restored', 'ContributionRestored', 'Undoes a retraction; nothing else does'),
    messageOf(
      'contribution.amended',
      'ContributionAmended',
      'All contributions about the content, or only those of the given type, count with the new values from now on: in every window, lifetime total and past instant',
    ),
    messageOf('content.deleted', 'ContentDeleted', 'No number changes; lists show when it was deleted'),
    messageOf(
      'content.undeleted',
      'ContentUndeleted',
      'Lists no longer show the content as deleted; no number changes',
    ),
    messageOf(
      'user.updated',
      'UserUpdated',
      'What public pages show about a user, and where the user counts. Only the given fields change; null clears a name',
    ),
    messageOf(
      'user.erased',
      'UserErased',
      'The profile is emptied for good, and the user no longer appears in public; events stay, and still count in metrics',
    ),
    messageOf('coverage.declared', 'CoverageDeclared', 'How far back the history of a type reaches'),
  ])
  .register(documented, { id: 'Message', description: 'A message, which has one of nine types' })

const counted = (description: string) => z.int().check(z.gte(0)).register(documented, { description })
const itemIndex = z.int().check(z.gte(0)).register(documented, { description: 'The item’s place in `data`' })
const eventPosition = z
  .int()
  .check(z.gte(1))
  .register(documented, { description: 'The log position of the contribution that stands' })

const itemResult = z
  .union([
    z.strictObject({
      index: itemIndex,
      status: described(
        z.enum(['recorded', 'duplicate', 'conflict']),
        '`recorded`: it is new. `duplicate`: recorded before with the same facts. `conflict`: recorded before with other facts, which stand',
      ),
      position: eventPosition,
    }),
    z.strictObject({
      index: itemIndex,
      status: described(z.literal('ignored'), 'It is not recorded'),
      reason: described(z.enum(ignoredReasons), 'Why it is not recorded'),
    }),
    z.strictObject({
      index: itemIndex,
      status: described(z.enum(['applied', 'unchanged']), '`unchanged`: nothing new was stored'),
    }),
  ])
  .register(documented, { id: 'Result', description: 'The outcome of one item' })

const warning = z
  .strictObject({
    pointer: z
      .string()
      .check(z.regex(/^(?:\/(?:[^~/]|~[01])*)+$/))
      .register(documented, { description: 'A JSON Pointer (RFC 6901) into the body' }),
    detail: z.string().register(documented, { description: 'What was ignored' }),
  })
  .register(documented, { id: 'Warning', description: 'A field that was ignored' })

/** The outcome of a message: the body of a 200. */
const receipt = z
  .strictObject({
    position: z.int().check(z.gte(0)).register(documented, {
      description: 'Answers at this log position or later reflect the whole message',
    }),
    recorded: counted('Contributions that were new'),
    duplicate: counted('Contributions that were recorded before with the same facts'),
    conflict: counted(
      'Contributions that were recorded before with other facts; what was recorded first stands',
    ),
    ignored: counted('Items that are not recorded: spam, or about a system account'),
    results: z.array(itemResult).register(documented, { description: 'One for each item, in order' }),
    warnings: z.optional(
      z
        .array(warning)
        .check(z.minLength(1), z.maxLength(warningsMax))
        .register(documented, {
          description: `Unknown fields, which were ignored: the first ${warningsMax}, in document order. Left out if there are none`,
        }),
    ),
  })
  .register(documented, { id: 'Receipt', description: 'The outcome of a message, after the commit' })

type Receipt = z.infer<typeof receipt>

const countOf = (results: readonly ItemResult[], status: ItemResult['status']): number =>
  results.filter((result) => result.status === status).length

const toReceipt = (
  position: number,
  results: readonly ItemResult[],
  warnings: Receipt['warnings'] & {},
): Receipt => ({
  position,
  recorded: countOf(results, 'recorded'),
  duplicate: countOf(results, 'duplicate'),
  conflict: countOf(results, 'conflict'),
  ignored: countOf(results, 'ignored'),
  results: results.map((result, index) => Object.assign({ index }, result)),
  ...(warnings.length > 0 && { warnings }),
})

/** Parses a body whose signature has been verified. Also returns the raw JSON, which the warnings need. */
const readMessage = (
  request: Request,
  body: Uint8Array,
  now: Instant,
): Result<{ message: Message; json: unknown }> => {
  if (!isJson(request.headers.get('content-type'))) return { failure: 'unsupported-media-type' }
  const json = decodeJson(body)
  if (isFailure(json)) return json
  const message = parseMessage(json.value, now)
  return isFailure(message) ? message : { message, json: json.value }
}

/** `POST /v1/webhooks`: verifies and validates a message, appends it, and answers 200 only after the commit. */
export const receiveWebhook = endpoint({
  id: 'receiveWebhook',
  tag: 'Webhooks',
  summary: 'Send a webhook',
  description:
    'Takes one message, signed as Standard Webhooks specifies (standardwebhooks.com), of at most 1 MiB. `data` is one object or an array of 1 to 1,000. A batch is validated as a whole before anything is written: with one invalid item, the answer is 422 and nothing is recorded. A 200 is sent after the commit, with a result for each item. A contribution that was recorded before is a `duplicate` if its facts are the same, and a `conflict` if they differ; the first one stands. Unknown fields are ignored and listed in `warnings`. After a 4xx, nothing was written; after a 5xx, the message was written either completely or not at all. Retry 408, 429 and 5xx unchanged; fix the cause of any other 4xx first.',
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
    const read = readMessage(request, body, now)
    if (isFailure(read)) {
      countRefused(env, now)
      return read
    }
    const { message, json } = read
    const logInput = logInputOf(message, systemUsers)
    const size = { bytes: body.byteLength, items: message.items.length, messages: 1 }
    const appended = await appendWebhook(env, logInput, now, size)
    const results = resultsOf(message, systemUsers, appended)
    const warnings = warningsOf(message.type, json)
    return { body: toReceipt(appended.position, results, warnings), freshness: 'never' }
  },
})
