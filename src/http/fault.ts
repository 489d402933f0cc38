import { Misconfigured } from '../configuration.ts'
import { LogUnavailable } from '../log/database.ts'
import { misconfigured, unavailable, type Problem } from './problem.ts'

/** What could not be foreseen. Its text goes nowhere, not even to the log: it may hold SQL or somebody's data. */
export const faultOf = (error: unknown): Problem => {
  if (error instanceof LogUnavailable) return unavailable('Cannot answer now: ask again')
  if (error instanceof Misconfigured) return misconfigured(error.message)
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  // The stack begins with the message, which may have lines of its own.
  const frames = stack?.replace(message, () => '').match(/^ +at .*$/gm)
  console.error(JSON.stringify({ event: 'unexpected error', name, stack: frames?.join('\n') }))
  return { problem: 'internal', detail: 'Cannot answer: the fault is on this side' }
}
