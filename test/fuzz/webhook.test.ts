import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, post, read, send, type Json } from '../support/site.ts'
import { anyText, nastyBodies } from './support/corpus.ts'
import { deliver, unexpectedErrors, readProblem, watchErrors, readDatabase } from './support/http.ts'
import { countInputs, fuzz, inForm } from './support/fuzz.ts'
import { faultsOf } from './support/messageContract.ts'
import { anyMessage } from './support/messages.ts'

beforeEach(async () => {
  watchErrors()
  setClock(noon)
  await freshLog()
  await send('contribution.created', [aContribution({ user: { id: 7 } }), aContribution()], noon)
})

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

it('every body of the corpus is refused with the right status and pointers, and nothing is written', async (context) => {
  const before = await readDatabase()
  for (const { about, text, status, pointers } of nastyBodies) {
    const response = await deliver(encode(text))
    expect(response.status, about).toBe(status)
    const { places } = await readProblem(response)
    expect(places.sort(), about).toEqual(pointers.toSorted())
  }
  expect(await readDatabase()).toBe(before)
  countInputs(context, 'webhooks', nastyBodies.length)
})

/** Parses a body as JSON in strict UTF-8, with or without a byte order mark; undefined if it is not. */
const jsonOf = (body: Uint8Array): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) }
  } catch {
    return undefined
  }
}

const fragments = [
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\ud800',
  '1e400',
  '-',
  '"id":',
  '\u0000',
  '\ufeff',
]

const anyBody = fc
  .record({
    message: anyMessage,
    at: fc.nat(),
    cut: fc.nat(3),
    put: fc.oneof(fc.constantFrom(...fragments), anyText(9)),
    byte: fc.option(fc.integer({ min: 0x80, max: 0xff }), { freq: 4 }),
    isEdited: fc.boolean(),
  })
  .map(({ message, at, cut, put, byte, isEdited }) => {
    const text = JSON.stringify(message) ?? ''
    const place = at % (text.length + 1)
    const body = encode(isEdited ? text.slice(0, place) + put + text.slice(place + cut) : text)
    if (byte !== null) body[at % (body.length || 1)] = byte
    return body
  })

const spoilt: Record<string, string>[] = [
  ...['', 'v1,', 'v1,AAAA', `v1,${'A'.repeat(43)}=`, `v1a,${'A'.repeat(43)}=`, "' OR 1=1 --", ' '].map(
    (value) => ({
      'webhook-signature': value,
    }),
  ),
  ...['', '0', '1e9', '-1', `0${noon / 1000}`, `${noon / 1000 + 61}`, 'NaN', '9'.repeat(400)].map(
    (value) => ({
      'webhook-timestamp': value,
    }),
  ),
  ...['', 'x', '../..', '<script>', 'x'.repeat(5000), 'fuzz_1.1795176000'].map((value) => ({
    'webhook-id': value,
  })),
]

const mediaTypes = [
  '',
  'text/plain',
  'application/jsonp',
  'application/json;charset=utf-16',
  'a/b;'.repeat(500),
]

/** The first problem of a delivery by the contract; undefined if there is none. */
const problemOf = (body: Uint8Array, headers: Record<string, string>): string | undefined => {
  if (Object.keys(headers).some((name) => name.startsWith('webhook-'))) return 'invalid-signature'
  if (headers['content-type'] !== undefined) return 'unsupported-media-type'
  const json = jsonOf(body)
  if (json === undefined) return 'malformed-json'
  return faultsOf(json.value, noon).length > 0 ? 'invalid-message' : undefined
}

it('an invalid webhook is refused by its first problem, and nothing is written', async (context) => {
  const before = await readDatabase()
  const names = new Map<string, number>()
  const headers = fc.oneof(
    { arbitrary: fc.constant<Record<string, string>>({}), weight: 6 },
    { arbitrary: fc.constantFrom(...spoilt), weight: 2 },
    { arbitrary: fc.constantFrom(...mediaTypes).map((type) => ({ 'content-type': type })), weight: 1 },
  )
  const deliveries = fc
    .record({ body: anyBody, headers })
    .filter((delivery) => problemOf(delivery.body, delivery.headers) !== undefined)
  const property = fc.asyncProperty(deliveries, async (delivery) => {
    const { problem, places } = await readProblem(await deliver(delivery.body, delivery.headers))
    expect(problem).toBe(problemOf(delivery.body, delivery.headers))
    if (problem === 'invalid-message') expect(places.length).toBeGreaterThan(0)
    else expect(places).toEqual([])
    names.set(problem, (names.get(problem) ?? 0) + 1)
  })
  await fuzz(context, 'webhooks', property, 3000)
  expect(await readDatabase()).toBe(before)
  expect(names.size).toBe(4)
  expect(Math.min(...names.values())).toBeGreaterThan(inForm(100))
  expect(unexpectedErrors).toEqual([])
})

const logged = async (): Promise<Json[]> => {
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
  const response = await fetchApi('/v1/log?after=0&limit=10000', { headers })
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await response.arrayBuffer())
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}

it('every valid message is recorded once, with the facts that were sent', async (context) => {
  const valid = anyMessage.filter((message) => faultsOf(message, noon).length === 0)
  const property = fc.asyncProperty(valid, async (message) => {
    const text = JSON.stringify(message)
    const first = await post(text)
    const { results }: Json = await first.json()
    const { data } = message as { data: unknown }
    expect([first.status, results.length]).toEqual([200, Array.isArray(data) ? data.length : 1])
    const before = await readDatabase()
    const again = await post(text)
    expect([again.status, (await again.json<Json>()).recorded]).toEqual([200, 0])
    expect(await readDatabase()).toBe(before)
  })
  await fuzz(context, 'webhooks', property, 150)
  // A logged contribution whose facts differ from the sent ones would be a conflict.
  const lines = await logged()
  const contributions = lines
    .filter(({ delta }) => delta === 1)
    .map((line) => ({ ...line, locale: line.locale || null, product: line.product || null }))
  const sums = await send('contribution.created', contributions.slice(0, 1000), noon)
  expect([sums.recorded, sums.conflict]).toEqual([0, 0])
  expect(lines.length).toBeGreaterThan(1)
  expect((await read('/v1/status')).events).toBe(lines.length)
  expect(unexpectedErrors).toEqual([])
})
