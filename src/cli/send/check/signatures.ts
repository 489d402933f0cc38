import { signaturesMax } from '../../../ingest/signedBody.ts'
import type { Way } from './ways.ts'

/** The base64 of 32 bytes. The last digit encodes only four bits. */
const base64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/
const hexadecimal = /^[0-9a-f]{64}$/i

const readings: readonly [pattern: RegExp, encoding: BufferEncoding, mistake?: string][] = [
  [base64, 'base64'],
  [hexadecimal, 'hex', 'The signature is in hexadecimal: write it in base64'],
  [/^[A-Za-z0-9+/]{43}$/, 'base64', 'The signature lacks the "=" at its end: keep the padding of base64'],
  [
    /^[A-Za-z0-9_-]{43}=?$/,
    'base64url',
    'The signature is in base64url: write it in base64, with "+", "/" and the "=" at its end',
  ],
]

/** A signature as bytes, with the mistake in its encoding, if any; undefined if the text is not a signature. */
const readSignature = (text: string): Way<Buffer> | undefined => {
  for (const [pattern, encoding, mistake] of readings)
    if (pattern.test(text)) return { value: Buffer.from(text, encoding), ...(mistake && { mistake }) }
  const digits = Buffer.from(text, 'base64').toString('latin1')
  if (!hexadecimal.test(digits)) return undefined
  return {
    value: Buffer.from(digits, 'hex'),
    mistake: 'The signature is the base64 of its hexadecimal digits: write its 32 bytes in base64',
  }
}

/** The signatures that the Worker would compare, then those that only a person would recognize, with their mistakes. */
export const signaturesIn = (header: string): Way<Buffer>[] => {
  const read = header.split(' ', signaturesMax).flatMap((entry) => {
    const [version, signature = ''] = entry.split(',')
    return version === 'v1' ? (readSignature(signature) ?? []) : []
  })
  const others = header.split(/[\s,;]+/).flatMap((token) => {
    const signature = readSignature(token.replace(/^(?:v1a?|s|signature|(?:hmac-)?sha-?256)[=:]/i, ''))
    if (signature === undefined) return []
    const form = 'Write "v1," before each signature, and one space between signatures'
    return { value: signature.value, mistake: [form, signature.mistake].filter(Boolean).join('. ') }
  })
  return [...read, ...others]
}
