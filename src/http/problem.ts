/** Every problem that callers can meet: its HTTP status and its title (RFC 9457). The one list. */
export const problems = {
  'malformed-json': { status: 400, title: 'The body is not JSON in UTF-8' },
  'invalid-parameter': { status: 400, title: 'A query parameter is not valid' },
  'invalid-signature': { status: 401, title: 'The signature does not hold' },
  unauthorized: { status: 401, title: 'The operator token is missing or wrong' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'The method does not fit this address' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not application/json' },
  'invalid-message': { status: 422, title: 'The message is not valid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'The log cannot answer now' },
} as const
export type ProblemName = keyof typeof problems

/** One thing that is wrong: a place in the body (RFC 6901), or a query parameter. */
export type Fault = { pointer: string; detail: string } | { parameter: string; detail: string }

/** An expected refusal. It becomes HTTP in `problemResponse` and nowhere else. */
export interface Problem {
  problem: ProblemName
  detail: string
  errors?: Fault[]
  headers?: Record<string, string>
}

const retryAfterSeconds = 2

export const notFound = (detail: string): Problem => ({ problem: 'not-found', detail })

export const invalidParameter = (parameter: string, detail: string): Problem => ({
  problem: 'invalid-parameter',
  detail,
  errors: [{ parameter, detail }],
})

export const unavailable = (detail: string): Problem => ({
  problem: 'unavailable',
  detail,
  headers: { 'retry-after': String(retryAfterSeconds) },
})

/** What could answer has not come as far as the caller asks, or nothing could because the log does not answer. */
export const behind = (position: number, atLeast: number): Problem =>
  unavailable(
    position < atLeast
      ? `Cannot answer for position ${atLeast}: this answer would be for ${position}; ask again in a moment`
      : 'Cannot answer now: the log is out of reach; ask again in a moment',
  )

export const isProblem = (value: object): value is Problem => 'problem' in value

export const problemResponse = ({ problem, detail, errors, headers }: Problem): Response => {
  const { status, title } = problems[problem]
  const body = { type: `/problems/${problem}`, title, status, detail, ...(errors && { errors }) }
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}

/** A value as an error message may quote it: short, on one line, and never more than its surface. */
export const quote = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${Array.from(text).slice(0, 57).join('')}…` : text
}
