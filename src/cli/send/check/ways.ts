/** One way to build a part of a signature. `mistake` describes what is wrong with it; the correct way has none. */
export interface Way<Value> {
  value: Value
  mistake?: string
}

const key = (text: string): Buffer => Buffer.from(text, 'base64')

/** The HMAC keys that a sender may have derived from a secret: the correct one first, then those of common mistakes. */
const keysOf = (secret: string): Way<Buffer>[] => {
  const base64 = secret.replace('whsec_', '')
  return [
    { value: key(base64) },
    {
      value: Buffer.from(secret),
      mistake: 'The HMAC key is the text of the secret: remove "whsec_", and decode the rest from base64',
    },
    {
      value: Buffer.from(base64),
      mistake: 'The HMAC key is the base64 text of the secret: decode it from base64',
    },
    {
      value: key(secret),
      mistake: 'The HMAC key was decoded with "whsec_" in front of the base64: remove "whsec_" first',
    },
    {
      // Lenient decoders, such as Python's, skip the underscore.
      value: key(secret.replace('_', '')),
      mistake: 'The HMAC key was decoded with "whsec_" in front of the base64: remove "whsec_" first',
    },
    {
      value: Buffer.from(`${secret}\n`),
      mistake:
        'The HMAC key is the text of the secret and a newline: remove "whsec_" and the newline, and decode the rest from base64',
    },
    {
      value: Buffer.from(`${base64}\n`),
      mistake: 'The HMAC key is the base64 text of the secret and a newline: decode it from base64',
    },
  ]
}

/** The HMAC keys that a sender may have used. `publicSecrets` are the development secrets in this repository. */
export const keysUsed = (secrets: readonly string[], publicSecrets: readonly string[]): Way<Buffer>[] => {
  const all = secrets.join(' ')
  return [
    ...secrets.flatMap(keysOf),
    ...(secrets.length > 1
      ? [
          {
            value: Buffer.from(all),
            mistake:
              'The HMAC key is the text of all WEBHOOK_SECRETS: use one of them, without "whsec_", and decode it from base64',
          },
        ]
      : []),
    ...publicSecrets
      .filter((secret) => !secrets.includes(secret))
      .map((secret) => ({
        value: key(secret.replace('whsec_', '')),
        mistake:
          'The sender has the development secret of .dev.vars.example, which anyone can read: give it a secret of the Worker',
      })),
  ]
}

/** The text signed before and after the body. */
interface Layout {
  before: string
  after: string
}

const should = 'sign {webhook-id}.{webhook-timestamp}.{body}'

const way = (before: string, mistake?: string, after = ''): Way<Layout> => ({
  value: { before, after },
  ...(mistake !== undefined && { mistake }),
})

/** The layouts that a sender may have signed. A missing header is an empty string. */
export const layoutsSigned = (id: string, timestamp: string): Way<Layout>[] => [
  way(`${id}.${timestamp}.`),
  way(
    `${timestamp}.${id}.`,
    `The ID and the timestamp are swapped, in the headers or in what is signed: ${should}`,
  ),
  way('', `Only the body is signed: ${should}`),
  way(`${timestamp}.`, `The ID is not signed: ${should}`),
  way(`${id}.`, `The timestamp is not signed: ${should}`),
  way(`${id}${timestamp}`, `The parts are signed without dots between them: ${should}`),
  way(`${id}.${timestamp}`, `There is no dot before the body in what is signed: ${should}`),
  way(
    `${id}.${timestamp}.`,
    `What is signed has a newline at its end: ${should}, and nothing after it`,
    '\n',
  ),
]
