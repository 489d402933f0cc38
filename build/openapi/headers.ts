import type { Header, Reference } from './openApi.ts'

/** References to header components, by name. */
export const headersNamed = (names: readonly string[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** The headers of answers, by name. */
export const headerComponents: Record<string, Header> = {
  ETag: {
    description:
      'A weak tag that stays the same while the numbers do (and, with a `next_cursor`, the position). Send it as `If-None-Match`',
    schema: { type: 'string', pattern: '^W/"[A-Za-z0-9_-]+"$' },
  },
  'Cache-Control': { description: 'How long the answer may be cached', schema: { type: 'string' } },
  Age: {
    description: 'How old the answer is, in seconds, if it comes from a cache or the log cannot be reached',
    schema: { type: 'integer', minimum: 0 },
  },
  Vary: { description: 'JSON and CSV share an address', schema: { type: 'string', const: 'Accept' } },
  Link: {
    description: 'With CSV, the address of the next page if there is one (RFC 8288)',
    schema: { type: 'string', pattern: '^<[^>]+>; rel="next"$' },
  },
  'Perennial-As-Of': {
    description: 'The instant that the answer is for',
    schema: { type: 'string', format: 'date-time' },
  },
  'Perennial-Position': {
    description: 'The log position that the answer reflects',
    schema: { type: 'integer', minimum: 0 },
  },
  'Retry-After': { description: 'How many seconds to wait', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': {
    description: 'How to authenticate',
    schema: { type: 'string', const: 'Bearer' },
  },
}
