/** One thing that is wrong with a query parameter, and what to use instead. */
export interface ParameterIssue {
  parameter: string
  detail: string
}

/** One thing that is wrong with a body: where it is (a JSON Pointer, RFC 6901), and what to use there. */
export interface BodyIssue {
  pointer: string
  detail: string
}

export type ValidationIssue = ParameterIssue | BodyIssue

/**
 * Why a request cannot be answered. Expected failures are returned, never thrown, from the object that finds them up to
 * `http/problem.ts`, which turns them into HTTP.
 */
export type Failure =
  | { failure: 'invalid-parameter'; issues: ParameterIssue[] }
  | { failure: 'invalid-message'; issues: BodyIssue[] }
  | { failure: 'not-found'; detail: string }
  | { failure: 'method-not-allowed'; method: string; allow: string }
  /** The answer would be for `position`, which does not reach `atLeast`, or D1 cannot be reached. */
  | { failure: 'not-caught-up'; position: number; atLeast: number }
  | { failure: 'unavailable'; detail: string }
  /** A variable of the service is missing or invalid; only the operator can fix it. */
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

/** What a step returns: a value, or why there is none. */
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

/** A value as an error message may quote it: short, on one line, and without the contents of objects and arrays. */
export const quote = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${Array.from(text).slice(0, 57).join('')}…` : text
}

/** Exponential backoff: `first` milliseconds after the first attempt, then twice as long each time, at most `max`. */
export const backoff = (attempt: number, first: number, max = Number.POSITIVE_INFINITY): number =>
  Math.min(first * 2 ** (attempt - 1), max)

/** Shortens a pause at random, to half at most, so that callers who failed together do not retry together. */
export const withJitter = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2)

const sleep = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** When to try again, and how long to wait before that. */
export interface RetryPolicy {
  /** The first attempt included. */
  attempts: number
  isTransient: (error: unknown) => boolean
  /** Milliseconds to wait after a failed attempt, of which the first has number 1. */
  pauseAfter: (attempt: number, error: unknown) => number
  /** Waits. A rejection ends the retries and reaches the caller. */
  pause?: (milliseconds: number) => Promise<unknown>
}

/** Calls `work` until it succeeds. Throws its error when that is not transient or no attempt is left. */
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
