import * as fc from 'fast-check'
import bodies from '../corpus/bodies.json?raw'
import instants from '../corpus/instants.json?raw'
import paths from '../corpus/paths.json?raw'
import strings from '../corpus/strings.json?raw'

// As text, because Vite's own reading of JSON refuses half a surrogate pair. The shapes are vouched for here.
const stringsByKind: Record<string, string[]> = JSON.parse(strings)
const instantPairs: [string, string | null][] = JSON.parse(instants)
const pathPairs: [string, number][] = JSON.parse(paths)
const writtenBodies: WrittenBody[] = JSON.parse(bodies)

/** Every nasty string of the corpus, whatever it is nasty to. */
export const nastyStrings: string[] = Object.values(stringsByKind).flat()

/** Date-times with the same instant in UTC, or null where RFC 3339 or its limits forbid one. */
export const nastyInstants = instantPairs.map(([text, utc]) => ({ text, utc }))

/** Addresses, with the status that refuses them. */
export const nastyPaths = pathPairs.map(([path, status]) => ({ path, status }))

/** A request body that must be refused, as its file has it. */
interface WrittenBody {
  about: string
  /** Pieces of the text; `["x", 3]` stands for "xxx". */
  body: (string | [string, number])[]
  status: number
  /** Where the message is wrong. */
  pointers: string[]
}

/** The request bodies that must be refused. */
export const nastyBodies = writtenBodies.map(({ body, ...rest }) => ({
  ...rest,
  text: body.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join(''),
}))

/** Any code point, halves of surrogate pairs too. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))

/** Strings of the corpus, random ones, and a piece repeated to just below, at and above a limit. */
export const anyText = (limit: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...nastyStrings),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: codePoint, minLength: 1, maxLength: 6 }),
    fc
      .tuple(fc.constantFrom('x', '7', '\u{1f600}', '&', '\u0301', '\ud800'), fc.constantFrom(-1, 0, 1))
      .map(([piece, beyond]) => piece.repeat(limit + beyond)),
  )

/** Values that JSON can bring where another kind of value is due. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(null, true, false, 0, -0, 1, -1, 0.5, 7, 2 ** 53 - 1, 2 ** 53, -(2 ** 53)),
  fc.constantFrom<unknown[]>(
    Infinity,
    -Infinity,
    1e-320,
    [],
    {},
    [[]],
    [null],
    [{}],
    { id: 1 },
    { length: 1 },
  ),
  fc.constantFrom(...nastyStrings),
  fc.jsonValue({ maxDepth: 2 }),
)
