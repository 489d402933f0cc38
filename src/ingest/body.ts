/** The largest message body: 1 MiB. */
export const bodyBytesMax = 1_048_576

/**
 * Reads a request's body, and stops as soon as it is longer than `bytesMax`, so that a sender cannot fill the Worker's
 * memory. undefined for a body that is too long.
 */
export const readBody = async (request: Request, bytesMax: number): Promise<Uint8Array | undefined> => {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) {
    await request.body?.cancel()
    return undefined
  }
  if (request.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
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

/** Only numbers of at least 16 digits can be rounded: most texts need no second look. */
const mayBeRounded = /[0-9]{16}/

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?[0-9]+$/.test(source) ? BigInt(source) : value
}

/**
 * Parses JSON. An integer that a number would round becomes a bigint, which no schema accepts, so that an error can quote
 * all of its digits. Throws SyntaxError.
 */
export const parseJson = (text: string): unknown =>
  mayBeRounded.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
