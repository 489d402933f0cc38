import type { Way } from './ways.ts'

type Change = readonly [how: string, change: (text: string) => string]

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * The layouts that JSON libraries use. JSON.stringify cannot write a single line with spaces, so that layout is derived
 * from the indented one.
 */
const layouts: readonly [how: string, write: (value: unknown) => string][] = [
  ['without spaces', (value) => JSON.stringify(value)],
  [
    'with a space after each colon and comma',
    (value) =>
      JSON.stringify(value, undefined, 1).replaceAll(/\n */g, (line, at: number, all: string) =>
        all[at - 1] === ',' ? ' ' : '',
      ),
  ],
  ['indented by 2', (value) => JSON.stringify(value, undefined, 2)],
  ['indented by 4', (value) => JSON.stringify(value, undefined, 4)],
]

const withSortedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, withSortedKeys(each)]))
}

const orders: readonly [how: string, order: (value: unknown) => unknown][] = [
  ['', (value) => value],
  [', its keys sorted', withSortedKeys],
]

const escapeUnicode = (text: string): string => text.replaceAll(/[\u0080-\uffff]/g, escaped)
const escapeSlashes = (text: string): string => text.replaceAll('/', '\\/')

const escapes: readonly Change[] = [
  ['', (text) => text],
  [', non-ASCII characters as \\u…', escapeUnicode],
  [', slashes as \\/', escapeSlashes],
  [', slashes as \\/ and non-ASCII characters as \\u…', (text) => escapeUnicode(escapeSlashes(text))],
  [', <, > and & as \\u…', (text) => text.replaceAll(/[<>&\u2028\u2029]/g, escaped)],
]

const rewritten = function* (text: string): Generator<Way<Buffer>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return // Only JSON can be serialized differently.
  }
  for (const [layout, write] of layouts) {
    for (const [order, arrange] of orders) {
      const json = write(arrange(value))
      for (const [escape, change] of escapes) {
        yield {
          value: Buffer.from(change(json)),
          mistake: `The signature is for the same JSON written differently (${layout}${order}${escape}): something parsed the body and serialized it again after it was signed. Sign exactly the bytes that are sent`,
        }
      }
    }
  }
}

const atTheEnd = 'Sign exactly the bytes that are sent. If the capture added it, remove it from the file'

const changes: readonly Change[] = [
  [
    `The signature is for the body without the white space at its end, such as a newline. ${atTheEnd}`,
    (text) => text.trimEnd(),
  ],
  [
    'The signature is for the body with a newline at its end. Sign exactly the bytes that are sent',
    (text) => `${text}\n`,
  ],
  [
    'The signature is for the body with CR LF at its end. Sign exactly the bytes that are sent',
    (text) => `${text}\r\n`,
  ],
  [
    'The signature is for the body with LF in place of CR LF: something changed the line endings after it was signed',
    (text) => text.replaceAll('\r\n', '\n'),
  ],
  [
    'The signature is for the body with CR LF in place of LF: something changed the line endings after it was signed',
    (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  ],
  ['The signature is for the body without its byte order mark', (text) => text.replace(/^\ufeff/, '')],
  ['The signature is for the body with a byte order mark before it', (text) => `\ufeff${text}`],
  ['The signature is for the body in Unicode normalization form C', (text) => text.normalize('NFC')],
  ['The signature is for the body in Unicode normalization form D', (text) => text.normalize('NFD')],
  [
    'The signature is for an empty body: sign once the body is complete, and before anything consumes its stream',
    () => '',
  ],
  [
    'The signature is for "[object Object]": sign the JSON text that is sent, not the object',
    () => '[object Object]',
  ],
  [
    "The signature is for the body as Python prints bytes, b'…': join bytes, not a formatted string",
    (text) => `b'${text}'`,
  ],
  [
    'The signature is for the base64 of the body: sign the body itself',
    (text) => Buffer.from(text).toString('base64'),
  ],
]

/** What a sender may have signed instead of the received body; the body itself comes first. */
export const bodiesSigned = (body: Buffer): Way<Buffer>[] => {
  const text = body.toString('utf8')
  const latin1 = body.toString('latin1')
  return [
    { value: body },
    ...changes.map(([mistake, change]) => ({ value: Buffer.from(change(text)), mistake })),
    {
      value: Buffer.from(latin1, 'utf8'),
      mistake:
        'The signature is for the body in UTF-8, but it was sent in Latin-1: send the bytes that were signed',
    },
    {
      value: Buffer.from(text, 'latin1'),
      mistake:
        'The signature is for the body in Latin-1, but it was sent in UTF-8: sign the bytes that are sent',
    },
    ...rewritten(text),
  ]
}
