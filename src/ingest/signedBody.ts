import type { Instant } from '../contributions/instant.ts'
import type { Result } from '../failure.ts'

/* The first steps of receiving a webhook: read the body, verify its signature, decode the JSON. */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** The largest message body: 1 MiB. */
export const bodyBytesMax = 1_048_576

/**
 * Reads a request's body. Returns undefined if it is longer than `bytesMax`, and stops reading there, so that a sender
 * cannot exhaust the Worker's memory.
 */
export const readBody = async (request: Request, bytesMax: number): Promise<Uint8Array | undefined> => {
  const header = request.headers.get('content-length')
  const declared = header ? Number(header) : Number.NaN
  if (declared > bytesMax) {
    await request.body?.cancel()
    return undefined
  }
  // HTTP guarantees that a body is no longer than its Content-Length, so reading it in one call is safe, and faster.
  if (declared <= bytesMax) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.byteLength > bytesMax ? undefined : bytes
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength
    if (length > bytesMax) return undefined // leaving the loop cancels the stream
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}

/** How far `webhook-timestamp` may lie behind the receiver's clock, and ahead of it. */
export const pastToleranceSeconds = 300
export const futureToleranceSeconds = 60

const isRecent = (timestamp: string, now: Instant): boolean => {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false
  const ageSeconds = Math.floor(now / 1000) - Number(timestamp)
  return ageSeconds <= pastToleranceSeconds && ageSeconds >= -futureToleranceSeconds
}

/** The length of an HMAC-SHA256 in base64. */
const signatureCharacters = 44

/** The maximum number of signatures compared per header. During a rotation, a sender signs with several secrets. */
export const signaturesMax = 20

/**
 * The `v1` signatures among the first 20 entries of the header, as base64 bytes. They stay encoded: several base64
 * strings can decode to the same bytes, and only the canonical one is accepted.
 */
const signaturesOf = (header: string): Uint8Array[] =>
  header.split(' ', signaturesMax).flatMap((entry) => {
    const [version, signature = ''] = entry.split(',')
    const bytes = encoder.encode(signature)
    return version === 'v1' && bytes.byteLength === signatureCharacters ? [bytes] : []
  })

/** Imported keys, shared by all requests of the isolate: importing a key takes longer than signing a short message. */
const cryptoKeys = new WeakMap<Uint8Array, CryptoKey>()

const cryptoKeyOf = async (secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  const known = cryptoKeys.get(secret)
  if (known) return known
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  cryptoKeys.set(secret, key)
  return key
}

const sign = async (
  secret: Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> => {
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', await cryptoKeyOf(secret), content))
  return encoder.encode(signature.toBase64())
}

/**
 * Whether the message carries a recent signature made with one of the keys (Standard Webhooks, "Verifying signatures").
 * The body is signed once per key, however many signatures the header has. Comparisons take constant time.
 */
export const verifySignature = async (
  headers: Headers,
  body: Uint8Array,
  keys: readonly Uint8Array<ArrayBuffer>[],
  now: Instant,
): Promise<boolean> => {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  const given = signaturesOf(headers.get('webhook-signature') ?? '')
  if (!id || !timestamp || given.length === 0 || !isRecent(timestamp, now)) return false
  const prefix = encoder.encode(`${id}.${timestamp}.`)
  const content = new Uint8Array(prefix.byteLength + body.byteLength)
  content.set(prefix)
  content.set(body, prefix.byteLength)
  let valid = false
  for (const key of keys) {
    const expected = await sign(key, content)
    for (const candidate of given) {
      // Always compares every pair: stopping at a match would reveal through timing which one matched.
      if (crypto.subtle.timingSafeEqual(expected, candidate)) valid = true
    }
  }
  return valid
}

/** Only integers of at least 16 digits can lose precision. Other texts skip the slower reviver. */
const mayBeRounded = /[0-9]{16}/

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value
}

/**
 * Parses JSON. An integer beyond the safe range becomes a bigint: no schema accepts it, and the error can quote all of
 * its digits. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown =>
  mayBeRounded.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)

/** Whether a Content-Type is JSON in UTF-8. Parameters other than the charset are ignored. */
export const isJson = (contentType: string | null): boolean => {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const charsets = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => /^charset\s*=/.test(parameter))
  return (
    type.trim() === 'application/json' &&
    charsets.every((charset) => /^charset\s*=\s*"?utf-8"?$/.test(charset))
  )
}

/** Decodes a body as JSON. The value is wrapped, because the JSON itself may have a field "failure". */
export const decodeJson = (bytes: Uint8Array): Result<{ value: unknown }> => {
  try {
    return { value: parseJson(decoder.decode(bytes)) }
  } catch {
    return { failure: 'malformed-json' }
  }
}
