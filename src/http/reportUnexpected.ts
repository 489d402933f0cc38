import { Misconfigured } from '../configuration.ts'
import type { Failure } from '../failure.ts'
import { LogUnavailable } from '../failure.ts'

/**
 * Converts an exception to a failure. Logs unexpected errors, by name and stack only: the message may contain SQL or
 * personal data.
 */
export const reportUnexpected = (error: unknown): Failure => {
  if (error instanceof LogUnavailable)
    return { failure: 'unavailable', detail: 'Cannot answer now: try again in a moment' }
  if (error instanceof Misconfigured) return { failure: 'misconfigured', detail: error.message }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  // The stack starts with the message, which may span several lines.
  const frames = stack?.replace(message, () => '').match(/^ +at .*$/gm)
  console.error(JSON.stringify({ event: 'unexpected error', name, stack: frames?.join('\n') }))
  return { failure: 'internal' }
}
