import * as z from 'zod/mini'
import { documented } from '../http/openapi/documented.ts'
import { describe } from '../http/openapi/operation.ts'
import { messageExamples } from './examples.ts'
import { messageSchema } from './messageSchema.ts'
import { receipt } from './receipt.ts'

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

export const receiveWebhookOperation = describe({
  id: 'receiveWebhook',
  tag: 'Webhooks',
  summary: 'Tell what happened',
  description: `Takes one message, signed as Standard Webhooks asks (standardwebhooks.com), of at most 1 MiB. \`data\` is one object or an array of 1 to 1,000. A batch is checked whole before anything is written: one bad item means 422 and nothing recorded. 200 comes after the commit, with a verdict for each item: a contribution that is there already with the same facts is a \`duplicate\`, with other facts a \`conflict\`, and the first one stands. Fields that are not named here are ignored, and \`warnings\` lists them. A 4xx wrote nothing; a 5xx may have written all of it, never a part. Either may be sent again unchanged.`,
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
})
