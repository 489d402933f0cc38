import * as fc from 'fast-check'
import bodies from '../corpus/bodies.json?raw'
import instants from '../corpus/instants.json?raw'
import paths from '../corpus/paths.json?raw'
import strings from '../corpus/strings.json?raw'

// Imported as text, because Vite rejects lone surrogates in JSON. The types are asserted here.
const stringsByKind: Record<string, string[]> = JSON.parse(strings)
const instantPairs: [string, string | null][] = JSON.parse(instants)
const pathPairs: [string, number][] = JSON.parse(paths)
const writtenBodies: WrittenBody[] = JSON.parse(bodies)

/** Every string of the corpus, of all kinds. */
export const nastyStrings: string[] = Object.values(stringsByKind).flat()

/** Date-times with their instant in UTC, or null where RFC 3339 allows none. */
export const nastyInstants = instantPairs.map(([text, utc]) => ({ text, utc }))

/** Paths with the status of their refusal. */
export const nastyPaths = pathPairs.map(([path, status]) => ({ path, status }))

/** A request body that must be refused, as in its file. */
interface WrittenBody {
  about: string
  /** Pieces of the text; `["x", 3]` means "xxx". */
  body: (string | [string, number])[]
  status: number
  /** JSON Pointers to the errors. */
  pointers: string[]
}

/** The request bodies that must be refused. */
export const nastyBodies = writtenBodies.map(({ body, ...rest }) => ({
  ...rest,
  text: body.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join(''),
}))

/** Any code point, including lone surrogates. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))

/** Strings of the corpus, random strings, and strings of a length just below, at and above a limit. */
export const anyText = (limit: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...nastyStrings),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: codePoint, minLength: 1, maxLength: 6 }),
    fc
      .tuple(fc.constantFrom('x', '7', '\u{1f600}', '&', '\u0301', '\ud800'), fc.constantFrom(-1, 0, 1))
      .map(([piece, beyond]) => piece.repeat(limit + beyond)),
  )

/** JSON values to put where another type is expected. */
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
