import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { beforeEach, expect, it } from 'vitest'
import { configured } from '../../src/configuration.ts'
import { verifySignature } from '../../src/ingest/signedBody.ts'
import { noon, setClock } from '../support/clock.ts'
import { anyText } from './support/corpus.ts'
import { fuzz, inForm } from './support/fuzz.ts'

const secrets = env.WEBHOOK_SECRETS.split(' ')
const stranger = `whsec_${btoa('another secret of thirty-two byte')}`

beforeEach(() => {
  setClock(noon)
  const limit = Error.stackTraceLimit
  // The library throws to refuse, and the test runner would spend milliseconds on each stack trace.
  Error.stackTraceLimit = 0
  return () => {
    Error.stackTraceLimit = limit
  }
})

/** A received message. */
interface Delivery {
  headers: Headers
  body: Uint8Array
}

const textOf = (body: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

const isTakenWith = (secret: string, headers: Headers, text: string): boolean => {
  try {
    new Webhook(secret).verify(text, Object.fromEntries(headers), { jsonParse: false })
    return true
  } catch {
    return false
  }
}

/** The reference library's verdict, within the contract's limits for timestamps. */
const mustTake = ({ headers, body }: Delivery): boolean => {
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const ahead = Number(timestamp) - noon / 1000
  // The library signs a timestamp as a number, so only the plain notation of that number is authentic.
  if (String(Number(timestamp)) !== timestamp || ahead < -300 || ahead > 60) return false
  const text = textOf(body)
  return text !== undefined && secrets.some((secret) => isTakenWith(secret, headers, text))
}

/** Replaces one character, at a place that depends on `at`. */
const changed = (text: string, at: number, put: string): string => {
  const place = at % (text.length + 1)
  return text.slice(0, place) + put + text.slice(place + 1)
}

const canHold = (value: string): boolean => {
  try {
    return new Headers({ 'webhook-id': value }).has('webhook-id')
  } catch {
    return false
  }
}

// Other characters are invalid in HTTP headers; the platform would accept them with a warning each.
const anyHeader = anyText(64).filter((value) => /^[\t\x20-\x7e]*$/.test(value))

const anyTimestamp = fc.oneof(
  { arbitrary: fc.integer({ min: noon / 1000 - 303, max: noon / 1000 + 63 }), weight: 8 },
  { arbitrary: fc.constantFrom(0, -1, 0.5, 1e12, 999_999_999_999, noon), weight: 1 },
)

/** How an attacker could alter the headers and the body of a signed message. */
const alterations: ((delivery: Delivery, at: number, put: string) => Delivery)[] = [
  ({ headers, body }, at, put) => {
    const altered = Uint8Array.from(body)
    altered[at % (body.length || 1)] = put.charCodeAt(0) % 256
    return { headers, body: altered }
  },
  ({ headers, body }, at) => ({ headers, body: body.slice(0, at % (body.length + 1)) }),
  ({ headers, body }, _, put) => ({ headers, body: new Uint8Array([...body, put.charCodeAt(0) % 256]) }),
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].flatMap((name) => {
    const rewrite =
      (write: (value: string, at: number, put: string) => string) =>
      ({ headers, body }: Delivery, at: number, put: string): Delivery => {
        const value = write(headers.get(name) ?? '', at, put)
        const altered = new Headers(headers)
        if (canHold(value)) altered.set(name, value)
        return { headers: altered, body }
      }
    return [
      rewrite(changed),
      rewrite((value) => `0${value}`),
      rewrite((value, at) => value.slice(0, at % (value.length + 1))),
      rewrite((value) => `${value}, ${value}`),
      rewrite((value, _, put) => value + put),
      rewrite((_, __, put) => put),
    ]
  }),
  ...[
    (value: string) => value.toLowerCase(),
    (value: string) => value.replace(/=+$/, ''),
    (value: string) => value.replaceAll('+', '-').replaceAll('/', '_'),
    (value: string) => `v1,${'A'.repeat(43)}= v1a,x v2,${value} ${value} v1,`,
    (value: string) => `v1a,AAAA v1 ${value}`,
    (value: string) => value.replace('v1,', 'v1, '),
    (value: string) => value.replace('v1,', 'V1,'),
    (value: string) => value.replaceAll(' ', '\t'),
    // Two bits of the last character are unused in the base64 of 32 bytes: a lax decoder reads four spellings as the same bytes.
    (value: string) => value.replace(/.(?==$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
    (value: string) => value.replace(/^(.{9})/, '$1\t'),
  ].map((write) => ({ headers, body }: Delivery): Delivery => {
    const altered = new Headers(headers)
    altered.set('webhook-signature', write(headers.get('webhook-signature') ?? ''))
    return { headers: altered, body }
  }),
]

const deliveries = fc
  .record({
    id: fc.oneof(fc.uuid(), anyHeader),
    timestamp: anyTimestamp,
    text: fc.oneof(fc.json(), anyText(300)),
    secret: fc.constantFrom(...secrets, stranger),
    alteration: fc.option(fc.constantFrom(...alterations), { freq: 3 }),
    at: fc.nat(),
    put: fc.oneof(fc.constantFrom('0', 'A', '=', ' ', ',', '.', '\t', '+', 'v1,'), anyHeader),
  })
  .map(({ id, timestamp, text, secret, alteration, at, put }): Delivery => {
    const headers = new Headers({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': new Webhook(secret).sign(id, new Date(timestamp * 1000), text),
    })
    const signed = { headers, body: new TextEncoder().encode(text) }
    return alteration === null ? signed : alteration(signed, at, put)
  })

it('a signature is verified as by the reference library, and never for an altered message', async (context) => {
  const verdicts = { taken: 0, refused: 0 }
  await fuzz(
    context,
    'signatures',
    fc.asyncProperty(deliveries, async (delivery) => {
      const taken = await verifySignature(
        delivery.headers,
        delivery.body,
        configured(env, 'WEBHOOK_SECRETS'),
        noon,
      )
      verdicts[taken ? 'taken' : 'refused'] += 1
      if (taken !== mustTake(delivery))
        expect.fail(`Taken: ${taken}, with ${JSON.stringify(Object.fromEntries(delivery.headers))}`)
    }),
    15_000,
  )
  expect(verdicts.taken).toBeGreaterThan(inForm(1500))
  expect(verdicts.refused).toBeGreaterThan(inForm(6000))
})
