import { Misconfigured } from '../configuration.ts'
import type { Failure } from '../failure.ts'
import { LogUnavailable } from '../log/database.ts'

/**
 * The failure for what a handler threw. An unexpected error is logged, by name and stack only: its message may hold SQL or
 * personal data.
 */
export const reportUnexpected = (error: unknown): Failure => {
  if (error instanceof LogUnavailable)
    return { failure: 'unavailable', detail: 'Cannot answer now: try again in a moment' }
  if (error instanceof Misconfigured) return { failure: 'misconfigured', detail: error.message }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  // The stack begins with the message, which may have several lines.
  const frames = stack?.replace(message, () => '').match(/^ +at .*$/gm)
  console.error(JSON.stringify({ event: 'unexpected error', name, stack: frames?.join('\n') }))
  return { failure: 'internal' }
}
