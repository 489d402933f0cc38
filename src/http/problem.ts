import { Misconfigured, misconfiguredRetrySeconds } from '../configuration.ts'
import { LogUnavailable, logUnexpected, type Failure, type ValidationIssue } from '../failure.ts'
import { limitPeriodSeconds } from './rateLimit.ts'

/** A type of problem, independent of the request. */
interface ProblemKind {
  status: number
  title: string
  /** When it happens. */
  when: string
  /** What the caller can do. */
  remedy: string
}

/** Every problem type (RFC 9457). Answers, /openapi.json and /problems derive from this list. */
export const problems = {
  'malformed-json': {
    status: 400,
    title: 'Malformed JSON',
    when: 'The body of a message is not JSON, or its bytes are not UTF-8',
    remedy: 'Send one JSON value, encoded in UTF-8 and exactly as it was signed. Nothing was written',
  },
  'invalid-parameter': {
    status: 400,
    title: 'Invalid parameter',
    when: 'A query parameter is unknown at this address, is given twice, or has an invalid value',
    remedy:
      'See `errors`: each names a parameter and says what to use. The API reference lists the parameters of every address',
  },
  'invalid-signature': {
    status: 401,
    title: 'Invalid signature',
    when: 'The signature of a message cannot be verified. The answer is the same for every cause, so that it does not help an attacker',
    remedy:
      'Check that the secret is one of the receiver’s, that all three headers are present, that the clock is right (at most 300 s behind and 60 s ahead), and that the body is sent byte for byte as it was signed. `npm run send -- --check`, in the service’s project, names the cause for a captured request. Then sign it and send it again',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    when: 'A request that needs the operator token has none, or a wrong one',
    remedy: 'Send the header `Authorization: Bearer` with the service’s `ADMIN_TOKEN`',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    when: 'There is no such page, leaderboard, metric or contributor. The same applies to users who were erased, and to users whom no message has named',
    remedy:
      'Check the address. IDs are whole numbers without leading zeros; `/v1/leaderboards` and `/v1/metrics` list the names',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    when: 'The address exists, but not for this method',
    remedy: 'Use one of the methods in the header `Allow`',
  },
  'payload-too-large': {
    status: 413,
    title: 'Payload too large',
    when: 'The body of a message is larger than 1 MiB',
    remedy:
      'Split the message into several with fewer items each; sending a contribution twice does no harm. Nothing was written',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    when: 'The `Content-Type` of a message is not `application/json`, or its charset is not UTF-8',
    remedy: 'Send the header `Content-Type: application/json`. Nothing was written',
  },
  'invalid-message': {
    status: 422,
    title: 'Invalid message',
    when: 'The body is JSON, but not a message as the API reference describes it. One invalid item rejects the whole batch',
    remedy:
      'See `errors`: each points to a place in the body and says what to use there. Nothing was written: fix the message and send all of it again',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    when: 'Your network sent more requests within a minute than the limit allows',
    remedy:
      'Wait for as many seconds as the header `Retry-After` says, and keep answers for as long as their `Cache-Control` allows: requests that a cache answers are not counted',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    when: 'Something unexpected happened. It is not your fault, and it has been logged',
    remedy:
      'Try again later. A message was written either completely or not at all: send it again unchanged, and what was recorded before is a `duplicate`',
  },
  unavailable: {
    status: 503,
    title: 'Service unavailable',
    when: 'The log cannot be read or written at the moment, it does not reach the position in `at_least` yet, or the service is misconfigured: `detail` says which',
    remedy:
      'Wait for as many seconds as the header `Retry-After` says, and send the same request again: no message counts twice',
  },
} as const satisfies Record<string, ProblemKind>
export type ProblemName = keyof typeof problems

/** An RFC 9457 problem as it applies to one request. */
export interface Problem {
  problem: ProblemName
  detail: string
  errors?: ValidationIssue[]
  headers?: Record<string, string>
}

const unavailable = (detail: string, retryAfterSeconds = 2): Problem => ({
  problem: 'unavailable',
  detail,
  headers: { 'retry-after': String(retryAfterSeconds) },
})

const plural = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${count} ${many}`

/** Converts a failure to the problem that the caller sees. */
export const problemOf = (failure: Failure): Problem => {
  switch (failure.failure) {
    case 'malformed-json':
      return { problem: failure.failure, detail: 'Cannot read the body: send JSON in UTF-8' }
    case 'invalid-parameter': {
      const detail = failure.issues.map((issue) => `${issue.parameter}: ${issue.detail}`).join('; ')
      return { problem: failure.failure, detail, errors: failure.issues }
    }
    case 'invalid-signature':
      return {
        problem: failure.failure,
        detail:
          'Cannot verify the message: check the secret, the headers, the clock, and that the body is sent exactly as it was signed',
      }
    case 'unauthorized':
      return {
        problem: failure.failure,
        detail: 'Cannot answer without the operator token: send the header "Authorization: Bearer <token>"',
        headers: { 'www-authenticate': 'Bearer' },
      }
    case 'not-found':
      return { problem: failure.failure, detail: failure.detail }
    case 'method-not-allowed':
      return {
        problem: failure.failure,
        detail: `Cannot ${failure.method} this address: use ${failure.allow}`,
        headers: { allow: failure.allow },
      }
    case 'payload-too-large':
      return {
        problem: failure.failure,
        detail: 'Cannot accept a body of more than 1 MiB: send fewer items at a time',
      }
    case 'unsupported-media-type':
      return {
        problem: failure.failure,
        detail: 'Cannot accept this body: send it with the header "Content-Type: application/json"',
      }
    case 'invalid-message': {
      const wrong = plural(failure.issues.length, 'error', 'errors')
      const detail = `Cannot accept the message: it has ${wrong}, and nothing was written`
      return { problem: failure.failure, detail, errors: failure.issues }
    }
    case 'too-many-requests':
      return {
        problem: failure.failure,
        detail: 'Cannot answer now: too many requests came from your network; try again in a minute',
        headers: { 'retry-after': String(limitPeriodSeconds) },
      }
    case 'internal':
      return { problem: failure.failure, detail: 'Cannot answer: an unexpected error occurred on the server' }
    case 'not-caught-up':
      return unavailable(
        failure.position < failure.atLeast
          ? `Cannot answer for position ${failure.atLeast} yet: the answer would be for ${failure.position}; try again in a moment`
          : 'Cannot answer now: the log cannot be reached; try again in a moment',
      )
    case 'unavailable':
      return unavailable(failure.detail)
    case 'misconfigured':
      return unavailable(failure.detail, misconfiguredRetrySeconds)
  }
}

/** Whether the same request may be answered later. */
export const isTemporary = (name: ProblemName): boolean =>
  problems[name].status === 429 || problems[name].status >= 500

/** A failure as `application/problem+json`. */
export const problemResponse = (failure: Failure): Response => {
  const { problem, detail, errors, headers } = problemOf(failure)
  const { status, title } = problems[problem]
  const body = { type: `/problems/${problem}`, title, status, detail, ...(errors && { errors }) }
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}

/** Converts an exception to a failure, and logs it unless it is expected. */
export const reportUnexpected = (error: unknown): Failure => {
  if (error instanceof LogUnavailable)
    return { failure: 'unavailable', detail: 'Cannot answer now: try again in a moment' }
  if (error instanceof Misconfigured) return { failure: 'misconfigured', detail: error.message }
  logUnexpected(error)
  return { failure: 'internal' }
}
