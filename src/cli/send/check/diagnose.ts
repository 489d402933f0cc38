import { createHash, createHmac } from 'node:crypto'
import type { Instant } from '../../../contributions/instant.ts'
import { futureToleranceSeconds, pastToleranceSeconds } from '../../../ingest/signedBody.ts'
import { counted, formatNumber } from '../../console/format.ts'
import { bodiesSigned } from './bodies.ts'
import type { CapturedHeaders } from './capture.ts'
import { signaturesIn } from './signatures.ts'
import { keysUsed, layoutsSigned, type Way } from './ways.ts'

/** A request as received. */
export interface Captured {
  headers: CapturedHeaders
  body: Buffer
}

/** The secrets to try. */
export interface KnownSecrets {
  /** Secrets that the receiver accepts. */
  accepted: readonly string[]
  /** Secrets that anyone can read. */
  published: readonly string[]
}

/** Why a request is refused, in sentences that never quote a secret. A request without faults is accepted. */
export interface Diagnosis {
  /** Faults of the timestamp. */
  clock: string[]
  /** All other faults. */
  signature: string[]
}

const clockFaults = (timestamp: string, receivedAt: Instant): string[] => {
  if (timestamp === '') return []
  if (/^[0-9]{13,}$/.test(timestamp))
    return ['The timestamp is in milliseconds: divide it by 1,000, and round down']
  if (!/^[0-9]{1,12}$/.test(timestamp))
    return ['The timestamp is not Unix time: send whole seconds, in digits only']
  const age = Math.floor(receivedAt / 1000) - Number(timestamp)
  if (age > pastToleranceSeconds)
    return [
      `The timestamp is ${formatNumber(age)} s old, and at most ${pastToleranceSeconds} s are accepted: sign again for each attempt, and check the sender's clock. If the request arrived earlier, use --received-at to say when`,
    ]
  if (age < -futureToleranceSeconds)
    return [
      `The timestamp is ${formatNumber(-age)} s ahead, and at most ${futureToleranceSeconds} s are accepted: check the sender's clock`,
    ]
  return []
}

const mistakesOf = (...ways: Way<unknown>[]): string[] => ways.flatMap(({ mistake }) => mistake ?? [])

/** All combinations of keys, layouts and bodies, those with the fewest mistakes first. */
const combinationsOf = (
  keys: ReturnType<typeof keysUsed>,
  layouts: ReturnType<typeof layoutsSigned>,
  bodies: ReturnType<typeof bodiesSigned>,
) =>
  keys
    .flatMap((key) => layouts.flatMap((layout) => bodies.map((body) => ({ key, layout, body }))))
    .map((ways) => Object.assign(ways, { mistakes: mistakesOf(ways.key, ways.layout, ways.body) }))
    .sort((left, right) => left.mistakes.length - right.mistakes.length)

const noneFits = (body: Buffer): string =>
  `No secret gives this signature, neither for the body as it arrived nor for its usual changes. Either the sender has another secret, or the body was changed on the way. Compare the body that was signed with the one that arrived, which has ${counted(body.length, 'byte')} and the SHA-256 ${createHash('sha256').update(body).digest('hex')}`

/** The headers of a signed request. */
const contents = {
  'webhook-id': 'an ID of the message, the same at each attempt',
  'webhook-timestamp': 'the unix time in seconds',
  'webhook-signature': '"v1," and the base64 of the HMAC-SHA256',
}

const signatureFaults = ({ headers, body }: Captured, { accepted, published }: KnownSecrets): string[] => {
  const header = headers.get('webhook-signature') ?? ''
  const [id = '', timestamp = ''] = [headers.get('webhook-id'), headers.get('webhook-timestamp')]
  if (header === '') return []
  if (accepted.some((secret) => header.includes(secret.replace('whsec_', ''))))
    return [
      'The header webhook-signature contains the secret: replace the secret, because it was sent over the network',
    ]
  const given = signaturesIn(header)
  if (given.length === 0)
    return [
      'The header webhook-signature has no signature: send "v1," and the 44 characters of an HMAC-SHA256 in base64',
    ]
  const layouts = layoutsSigned(id, timestamp)
  const combinations = combinationsOf(keysUsed(accepted, published), layouts, bodiesSigned(body))
  for (const { key, layout, body: signed, mistakes } of combinations) {
    const { before, after } = layout.value
    const digest = createHmac('sha256', key.value).update(before).update(signed.value).update(after).digest()
    const found = given.find(({ value }) => value.equals(digest))
    if (found) return [...mistakesOf(found), ...mistakes]
  }
  return id === '' || timestamp === '' ? [] : [noneFits(body)]
}

/** Finds out why a request's signature did not verify at `receivedAt`. */
export const diagnose = (captured: Captured, secrets: KnownSecrets, receivedAt: Instant): Diagnosis => {
  const missing = Object.entries(contents).filter(([name]) => !captured.headers.get(name))
  return {
    clock: clockFaults(captured.headers.get('webhook-timestamp') ?? '', receivedAt),
    signature: [
      ...missing.map(([name, content]) => `The header ${name} is missing: send ${content}`),
      ...signatureFaults(captured, secrets),
    ],
  }
}
