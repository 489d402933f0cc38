/** A problem in general: what callers are told of it once and for all. */
interface Explained {
  status: number
  title: string
  /** When it happens. */
  when: string
  /** What the caller can do. */
  remedy: string
}

/** Every problem that callers can meet (RFC 9457). The one list: answers, /openapi.json and /problems follow it. */
export const problems = {
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON in UTF-8',
    when: 'The body of a message cannot be read: it is no JSON, or its bytes are no UTF-8',
    remedy: 'Send one JSON value, encoded in UTF-8 and exactly as it was signed. Nothing was written',
  },
  'invalid-parameter': {
    status: 400,
    title: 'A query parameter is not valid',
    when: 'A query parameter is unknown at this address, stands there twice, or has a value that cannot be used',
    remedy:
      'Look at `errors`: each names a parameter and says what to use. The API reference lists the parameters of every address',
  },
  'invalid-signature': {
    status: 401,
    title: 'The signature does not hold',
    when: 'A message’s signature cannot be verified; the answer is the same whatever the cause, so that it helps nobody to guess',
    remedy:
      'Check that the secret is one of the receiver’s, that all three headers are there, that the clock is right (at most 300 s behind and 60 s ahead), and that the body is sent byte for byte as it was signed. Then sign and send it again',
  },
  unauthorized: {
    status: 401,
    title: 'The operator token is missing or wrong',
    when: 'An address for the operator is asked for without the operator’s token, or with another one',
    remedy: 'Send the header `Authorization: Bearer` with the token that the service was set up with',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    when: 'Nothing has this address: no such page, board or metric, a user whom no message ever named, or a user who was erased',
    remedy:
      'Check the address. Ids are whole numbers without leading zeros, and `/v1/leaderboards` and `/v1/metrics` list the names',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method does not fit this address',
    when: 'The address exists, but does not take this method',
    remedy: 'Use one of the methods that the header `Allow` names',
  },
  'payload-too-large': {
    status: 413,
    title: 'The body is too large',
    when: 'The body of a message is larger than 1 MiB',
    remedy:
      'Split the message into several with fewer items each; the same contribution twice does no harm. Nothing was written',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not application/json',
    when: 'A message came with another `Content-Type` than `application/json`, or with another charset than UTF-8',
    remedy: 'Send the header `Content-Type: application/json`. Nothing was written',
  },
  'invalid-message': {
    status: 422,
    title: 'The message is not valid',
    when: 'The body is JSON, but not a message as the API reference describes it. One bad item refuses the whole batch',
    remedy:
      'Look at `errors`: each points at a place in the body and says what to use there. Nothing was written, so mend it and send all of it again',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    when: 'Your network has asked more often within a minute than one network may',
    remedy:
      'Wait as many seconds as the header `Retry-After` says, and keep answers as long as their `Cache-Control` allows: what a cache answers is not counted',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    when: 'Something happened that nobody foresaw. It is no fault of yours, and it has been logged',
    remedy:
      'Ask again later. A message may have been written as a whole or not at all: send it again unchanged, and what is there already is a `duplicate`',
  },
  unavailable: {
    status: 503,
    title: 'Service unavailable',
    when: 'The log cannot be read or written at the moment, it has not yet come as far as `at_least` asks, or a variable of the service is not set right: `detail` says which',
    remedy:
      'Wait as many seconds as the header `Retry-After` says, and send the same again: no message counts twice',
  },
} as const satisfies Record<string, Explained>
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

/** Only the operator can help, so it need not be tried again soon. */
const misconfiguredRetryAfterSeconds = 60

/** A variable of the service cannot be used; `detail` says which one, and what would be right. */
export const misconfigured = (detail: string): Problem => ({
  problem: 'unavailable',
  detail,
  headers: { 'retry-after': String(misconfiguredRetryAfterSeconds) },
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
