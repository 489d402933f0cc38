import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isFailure } from '../../src/failure.ts'
import { formatCursor, parseCursor, type Cursor } from '../../src/api/moment.ts'
import { noon } from '../support/clock.ts'
import { anyText, anyValue } from './support/corpus.ts'
import { fuzz, inForm } from './support/fuzz.ts'
import { anyQuery } from './support/queries.ts'
import { parametersOf } from './support/queryContract.ts'

const board = '/v1/leaderboards/:board'
const names = [...(parametersOf[board]?.keys() ?? [])]
const mayChange = new Set(['cursor', 'limit', 'as_of', 'at_least'])

const requestFor = (query: [string, string][], path = '/v1/leaderboards/overall'): Request =>
  new Request(`https://perennial.example${path}?${new URLSearchParams(query).toString()}`)

const pinned = fc.record({
  asOf: fc.integer({ min: -62_167_219_200_000, max: noon + 60_000 }),
  live: fc.boolean(),
  position: fc.maxSafeNat(),
  after: fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger()),
})

/** Whether a cursor has only values that are safe in a query of the log. */
const isSound = ({ asOf, live, position, after }: Cursor): boolean =>
  [asOf, position, ...after].every(Number.isSafeInteger) &&
  typeof live === 'boolean' &&
  asOf >= -62_167_219_200_000 &&
  asOf <= noon + 60_000 &&
  position >= 0

const checkForged = (request: Request, text: string): Cursor | undefined => {
  const cursor = parseCursor(request, text, noon)
  if (!isFailure(cursor)) {
    if (!isSound(cursor)) expect.fail(`This was accepted: ${JSON.stringify(cursor)}`)
    return cursor
  }
  expect(cursor).toMatchObject({ failure: 'invalid-parameter', issues: [{ parameter: 'cursor' }] })
  return undefined
}

it('a cursor returns what it pins, for the same request only', async (context) => {
  const property = fc.property(anyQuery(names), anyQuery(names), pinned, (query, other, cursor) => {
    const text = formatCursor(requestFor(query), cursor)
    expect(text).toMatch(/^[\w-]+$/)
    const kept = query.filter(([name]) => !mayChange.has(name))
    const changed = other.filter(([name]) => mayChange.has(name))
    expect(parseCursor(requestFor([...kept, ...changed]), text, noon)).toEqual(cursor)
    const added: [string, string] = ['product', 'thunderbird']
    expect(checkForged(requestFor([...kept, added]), text)).toBeUndefined()
    expect(checkForged(requestFor(kept, '/v1/leaderboards/kb'), text)).toBeUndefined()
  })
  await fuzz(context, 'cursors', property, 5000)
})

const base64url = (text: string): string =>
  new TextEncoder().encode(text).toBase64({ alphabet: 'base64url', omitPadding: true })

const question = fc.oneof(
  { arbitrary: fc.constant('/v1/leaderboards/overall'), weight: 4 },
  { arbitrary: fc.constantFrom('/v1/leaderboards/kb', '', '__proto__'), weight: 1 },
)
const edge = fc.oneof(
  { arbitrary: fc.integer({ min: -5, max: 100 }), weight: 4 },
  fc.constantFrom(noon, noon + 60_000, noon + 60_001, -62_167_219_200_000, -62_167_219_200_001, 2 ** 53, 0.5),
  anyValue,
)
const forgedContents = fc.oneof(
  { arbitrary: fc.tuple(question, edge, fc.oneof(fc.boolean(), edge), edge, edge, edge), weight: 6 },
  { arbitrary: fc.tuple(question, edge, fc.boolean(), edge), weight: 1 },
  { arbitrary: anyValue, weight: 1 },
)

const forged = fc.oneof(
  { arbitrary: forgedContents.map((contents) => base64url(JSON.stringify(contents) ?? '')), weight: 6 },
  { arbitrary: anyText(2048), weight: 1 },
  { arbitrary: anyText(300).map(base64url), weight: 1 },
)

it('a forged or damaged cursor with impossible contents is refused', async (context) => {
  let taken = 0
  const damage = fc.tuple(
    forged,
    fc.nat(),
    fc.nat(2),
    fc.constantFrom('', '', '=', 'A', '/', '+', ' ', '\u0000'),
  )
  const property = fc.property(damage, ([text, at, cut, put]) => {
    const place = at % (text.length + 1)
    const damaged = at % 2 === 0 ? text : text.slice(0, place) + put + text.slice(place + cut)
    if (checkForged(requestFor([]), damaged)) taken += 1
  })
  await fuzz(context, 'cursors', property, 20_000)
  // Cursors are not signed: a forged one with possible contents is valid.
  expect(taken).toBeGreaterThan(inForm(500))
})
