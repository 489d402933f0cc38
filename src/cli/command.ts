import { CommanderError, type Command } from 'commander'
import { Misconfigured } from '../configuration.ts'
import { listed } from './console/format.ts'

/** A command failed. The message says what failed and what to do about it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure'
}

/** A command was called with missing or contradictory arguments. */
export class CommandMisuse extends CommandFailure {
  override name = 'CommandMisuse'
}

/** The exit codes of all commands. On a bug, Node exits with 1 and prints the stack. */
export const exitCodes = { done: 0, failed: 1, misused: 2, drift: 3 } as const

/** The exit code for an expected error; undefined for a bug. */
const exitCodeFor = (error: unknown): number | undefined => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused
  if (error instanceof CommandMisuse) return exitCodes.misused
  if (error instanceof CommandFailure || error instanceof Misconfigured) return exitCodes.failed
  return undefined
}

/**
 * Rejects options that npm took as its own configuration, as in `npm start --port 1`. Otherwise a command could lose
 * its `--dry-run` and write.
 */
const rejectOptionsTakenByNpm = (command: Command): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const given = process.argv.slice(2)
  const taken = command.options.flatMap(({ long, required }) => {
    const value = process.env[`npm_config_${long?.slice(2).replaceAll('-', '_')}`]
    if (!long || !value || given.some((each) => each.split('=')[0] === long)) return []
    const isOnlyName = value === 'true'
    return [{ long, words: isOnlyName ? [long] : [long, value], lacksValue: required && isOnlyName }]
  })
  if (taken.length === 0) return
  const names = listed(taken.map(({ long }) => long))
  const words = [...taken.flatMap((each) => each.words), ...given].join(' ')
  // npm passes a value apart from its option, as an argument. Of several, it is not known which belongs to the option.
  const isAmbiguous = taken.length + given.length > 2 && taken.some(({ lacksValue }) => lacksValue)
  const remedy = isAmbiguous
    ? `write -- before the options, as in ${command.name()} ${taken[0]?.long} …`
    : `write ${command.name()} ${words}`
  command.error(`error: npm took ${names} itself: ${remedy}`)
}

/** Runs a command on this process's arguments, prints an expected error without its stack, and sets the exit code. */
export const runCommand = async (command: Command): Promise<void> => {
  // Each write reports its own error; without a listener, the same error would also end the process.
  process.stdout.on('error', () => undefined)
  try {
    rejectOptionsTakenByNpm(command.exitOverride())
    await command.parseAsync()
  } catch (error) {
    const exitCode = exitCodeFor(error)
    if (exitCode === undefined) throw error
    // Commander has already printed its error or the help text.
    if (error instanceof Error && !(error instanceof CommanderError)) console.error(error.message)
    process.exitCode = exitCode
  }
}

const parentPollMilliseconds = 250

/**
 * Calls `then` when the parent process has ended. npm sends SIGTERM to the shell between npm and this process. The
 * shell exits without forwarding it, so the only sign is a new parent process.
 */
export const onParentEnd = (then: () => void): void => {
  const parent = process.ppid
  setInterval(() => process.ppid === parent || then(), parentPollMilliseconds).unref()
}

/**
 * A signal that aborts at the first Ctrl-C, and when a supervisor ends the npm that runs this process, so that a
 * command can stop between two transactions. A second Ctrl-C ends the process.
 */
export const onInterrupt = (): AbortSignal => {
  const stop = new AbortController()
  const reason = new CommandFailure('Stopped before anything was written')
  const abort = (): void => stop.abort(reason)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, abort)
  // Without npm, a process may go on after the shell that started it.
  if (process.env['npm_lifecycle_event'] !== undefined) onParentEnd(abort)
  return stop.signal
}
