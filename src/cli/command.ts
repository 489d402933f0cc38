import { Misconfigured } from '../configuration.ts'
import { CommanderError, type Command } from 'commander'

/** A command could not do its work. The message says what failed and what to do about it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure'
}

/** Exit code: numbers differ that should not. */
export const driftExitCode = 3

/**
 * Runs a command on this process's arguments, with the exit codes that all commands share: 0 done, 1 failed,
 * 2 misused. Anything but a CommandFailure or a Misconfigured is a fault of ours and leaves with its stack.
 */
export const runCommand = async (command: Command): Promise<void> => {
  try {
    await command.exitOverride().parseAsync()
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else if (error instanceof CommandFailure || error instanceof Misconfigured) {
      console.error(error.message)
      process.exitCode = 1
    } else throw error
  }
}
