import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { parseInstant } from '../../src/contributions/instant.ts'
import { isFailure, pointerOf } from '../../src/failure.ts'
import { parseMessage } from '../../src/ingest/message.ts'
import { contributionSchema, envelopeSchema } from '../../src/ingest/schemas.ts'
import { unknownFields, messageSchemasIn } from '../../src/ingest/unknownFields.ts'
import { noon } from '../support/clock.ts'
import { nastyInstants, nastyStrings } from './support/corpus.ts'
import { countInputs, fuzz, inForm } from './support/fuzz.ts'
import { readInstant } from './support/instantContract.ts'
import { meaningOf } from './support/meaning.ts'
import { faultsOf } from './support/messageContract.ts'
import { anyInstant, anyMessage } from './support/messages.ts'
import { unknownIn } from './support/unknownContract.ts'

const schemas = messageSchemasIn(envelopeSchema)

const sorted = (places: Iterable<string>): string[] => [...new Set(places)].sort()

/** Holds what the parser says of a message against the contract. Returns whether it was taken. */
const check = (message: unknown): boolean => {
  const wrong = sorted(faultsOf(message, noon))
  const parsed = parseMessage(message, noon)
  if (!isFailure(parsed)) {
    expect(wrong).toEqual([])
    if (!isDeepStrictEqual(parsed, meaningOf(message))) expect(parsed).toEqual(meaningOf(message))
    const ignored = unknownFields(schemas[parsed.type], message).map(({ path }) => pointerOf(path))
    if (!isDeepStrictEqual(ignored, unknownIn(message))) expect(ignored).toEqual(unknownIn(message))
    return true
  }
  const pointers = parsed.issues.map(({ pointer }) => pointer)
  if (!isDeepStrictEqual(sorted(pointers), wrong)) expect(sorted(pointers)).toEqual(wrong)
  for (const { detail } of parsed.issues) {
    if (!/^(?:Missing|Cannot use .{1,70}): (?:use|it is) /su.test(detail))
      expect.fail(`This does not say what to use: ${detail}`)
    if (detail.length > 400) expect.fail(`This quotes too much: ${detail}`)
  }
  return false
}

it('a message is parsed as the contract says, or refused with pointers to what is wrong', async (context) => {
  let taken = 0
  const messages = 50_000
  await fuzz(
    context,
    'messages',
    fc.property(anyMessage, (message) => {
      if (check(message)) taken += 1
    }),
    messages,
  )
  expect(taken).toBeGreaterThan(inForm(messages) / 4)
  expect(taken).toBeLessThan((inForm(messages) * 3) / 4)
})

it('the schema of a contribution has nothing that cannot be compiled, so that valid ones take the fast way', () => {
  expect(() => z.compile(contributionSchema, { strict: true })).not.toThrow()
})

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Keys that get into every object of a text, so that JSON has them twice or has those that objects inherit. */
const intruders = [
  '"__proto__":{"type":"answer","id":1,"self":true,"reason":"spam"},',
  '"constructor":{"prototype":{"id":1}},',
  '"toString":null,"valueOf":1,"then":{},"toJSON":"x","length":1,',
  '"id":0,',
  '"\\u0069d":1,',
  '"type":"x",',
  '"":{"":""},',
]

it('inherited, repeated and unknown keys add nothing to a message', async (context) => {
  const texts = fc.tuple(anyMessage, fc.array(fc.constantFrom(...intruders), { minLength: 1, maxLength: 3 }))
  await fuzz(
    context,
    'messages',
    fc.property(texts, ([message, keys]) => {
      const text = JSON.stringify(message) ?? 'null'
      const edited = text.replaceAll(/(?<=^|[:[,])\{(?=")/g, () => `{${keys.join('')}`)
      fc.pre(isJson(edited)) // It is not where a string looked like an object.
      check(JSON.parse(edited))
      if (Object.keys(Object.prototype).length > 0) expect.fail('Something was written on every object')
    }),
    20_000,
  )
})

it('date-times are read as RFC 3339 defines them', async (context) => {
  const edits = fc.tuple(
    anyInstant,
    fc.nat(40),
    fc.nat(3),
    fc.constantFrom('', ...Array.from('0123456789:-+.TZz t'), '60'),
  )
  const edited = edits.map(([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut))
  const made = fc
    .tuple(
      fc.nat(99_999),
      fc.nat(14),
      fc.nat(33),
      fc.nat(25),
      fc.nat(61),
      fc.nat(62),
      fc.nat(26),
      fc.boolean(),
    )
    .map(([year, month, day, hour, minute, second, offset, isZ]) => {
      const [m, d, h, n, s, o] = [month, day, hour, minute, second, offset].map((part) =>
        String(part).padStart(2, '0'),
      )
      return `${String(year % 10_001).padStart(4, '0')}-${m}-${d}T${h}:${n}:${s}${isZ ? 'Z' : `+${o}:00`}`
    })
  let read = 0
  const texts = fc.oneof(anyInstant, edited, made, fc.constantFrom(...nastyStrings))
  await fuzz(
    context,
    'date-times',
    fc.property(texts, (text) => {
      const instant = parseInstant(text)
      if (instant !== readInstant(text)) expect(instant, text).toBe(readInstant(text))
      if (instant !== undefined) read += 1
    }),
    40_000,
  )
  expect(read).toBeGreaterThan(inForm(10_000))
  for (const { text, utc } of nastyInstants) {
    const instant = parseInstant(text)
    expect(instant === undefined ? null : new Date(instant).toISOString(), JSON.stringify(text)).toBe(utc)
    expect(readInstant(text), JSON.stringify(text)).toBe(instant)
  }
  countInputs(context, 'date-times', nastyInstants.length)
})
