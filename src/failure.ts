/** An issue with a query parameter, and what to use instead. */
export interface ParameterIssue {
  parameter: string
  detail: string
}

/** An issue with a body: its place (a JSON Pointer, RFC 6901), and what to use there. */
export interface BodyIssue {
  pointer: string
  detail: string
}

/** The JSON Pointer for a path (RFC 6901, section 3). */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export type ValidationIssue = ParameterIssue | BodyIssue

/**
 * Why a request cannot be answered. Most expected failures are returned as values, up to `http/problem.ts`, which
 * converts them to HTTP. `LogUnavailable` and `Misconfigured` are thrown, and converted there too.
 */
export type Failure =
  | { failure: 'invalid-parameter'; issues: ParameterIssue[] }
  | { failure: 'invalid-message'; issues: BodyIssue[] }
  | { failure: 'not-found'; detail: string }
  | { failure: 'method-not-allowed'; method: string; allow: string }
  /** The answer would be for `position`, which does not reach `atLeast`, or D1 cannot be reached. */
  | { failure: 'not-caught-up'; position: number; atLeast: number }
  | { failure: 'unavailable'; detail: string }
  /** A configuration variable is missing or invalid; only the operator can fix it. */
  | { failure: 'misconfigured'; detail: string }
  | {
      failure:
        | 'malformed-json'
        | 'invalid-signature'
        | 'unauthorized'
        | 'payload-too-large'
        | 'unsupported-media-type'
        | 'too-many-requests'
        | 'internal'
    }

export type InvalidMessage = Extract<Failure, { failure: 'invalid-message' }>

/** A value, or the failure that explains its absence. */
export type Result<Value> = Value | Failure

export const isFailure = (result: unknown): result is Failure =>
  typeof result === 'object' && result !== null && 'failure' in result

export const invalidParameter = (parameter: string, detail: string): Failure => ({
  failure: 'invalid-parameter',
  issues: [{ parameter, detail }],
})

export const invalidMessage = (issues: BodyIssue[]): InvalidMessage => ({
  failure: 'invalid-message',
  issues,
})

export const notFound = (detail: string): Failure => ({ failure: 'not-found', detail })

export const notCaughtUp = (position: number, atLeast: number): Failure => ({
  failure: 'not-caught-up',
  position,
  atLeast,
})

/** Formats a value for an error message: short, on one line, and without the contents of objects and arrays. */
export const quote = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${Array.from(text).slice(0, 57).join('')}…` : text
}

/** Exponential backoff: `first` milliseconds after the first attempt, doubling after each attempt, at most `max`. */
export const backoff = (attempt: number, first: number, max = Number.POSITIVE_INFINITY): number =>
  Math.min(first * 2 ** (attempt - 1), max)

/** Shortens a pause by a random amount, up to half, so that callers that failed together do not retry together. */
export const withJitter = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

/** Logs an error by name and stack only: its message may contain SQL or personal data. */
export const logUnexpected = (error: unknown): void => {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  // The stack starts with the message, which may span several lines.
  const frames = stack?.replace(message, () => '').match(/^ +at .*$/gm)
  console.error(JSON.stringify({ event: 'unexpected error', name, stack: frames?.join('\n') }))
}

/** Waits for a number of milliseconds. */
export const sleep = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** When to retry, and how long to wait first. */
export interface RetryPolicy {
  /** The maximum number of attempts, including the first. */
  attempts: number
  isTransient: (error: unknown) => boolean
  /** Milliseconds to wait after a failed attempt; attempts are numbered from 1. */
  pauseAfter: (attempt: number, error: unknown) => number
  /** Waits. A rejection ends the retries and reaches the caller. */
  pause?: (milliseconds: number) => Promise<unknown>
}

/** Calls `work` until it succeeds. Throws its error if it is not transient or no attempts are left. */
export const retry = async <Value>(
  work: () => Promise<Value>,
  { attempts, isTransient, pauseAfter, pause = sleep }: RetryPolicy,
): Promise<Value> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || !isTransient(error)) throw error
      await pause(pauseAfter(attempt, error))
    }
  }
}

/** D1 cannot answer now. The call took effect completely or not at all, and is safe to repeat. */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
}

/** Settles as the promise does. If that takes too long, calls `onLate` and throws LogUnavailable with this message. */
export const within = async <Value>(
  milliseconds: number,
  promise: Promise<Value>,
  message: string,
  onLate: () => void = () => undefined,
): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate()
      reject(new LogUnavailable(message))
    }, milliseconds)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Logs an outage as one line of JSON. Readers may not notice it, because they get stored answers. */
export const logOutage = (of: 'log' | 'object', reason: string): void =>
  console.error(JSON.stringify({ event: 'unavailable', of, reason }))
