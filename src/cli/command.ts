import { Misconfigured } from '../configuration.ts'
import { CommanderError, type Command } from 'commander'

/** A command could not do its work. The message says what failed and what to do about it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure'
  readonly exitCode: number = 1
}

/** A command was called in a way that makes no sense, whatever the files and the log hold. */
export class CommandMisuse extends CommandFailure {
  override name = 'CommandMisuse'
  override readonly exitCode = 2
}

/** Exit code: numbers differ that should not. */
export const driftExitCode = 3

/**
 * Refuses options that npm took for its own, as `npm start --port 1` gives it: they come as npm's configuration, and
 * a command that ran without its `--dry-run` would write.
 */
const refuseOptionsOfNpm = (command: Command): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const given = process.argv.slice(2)
  const taken = command.options.flatMap(({ long }) => {
    const value = process.env[`npm_config_${long?.slice(2).replaceAll('-', '_')}`]
    if (!long || !value || given.some((each) => each.split('=')[0] === long)) return []
    return [{ long, words: value === 'true' ? [long] : [long, value] }]
  })
  if (taken.length === 0) return
  const names = taken.map(({ long }) => long).join(' and ')
  const words = [...taken.flatMap((each) => each.words), ...given].join(' ')
  command.error(`error: npm took ${names} itself: write ${command.name()} ${words}`)
}

/**
 * Runs a command on this process's arguments, with the exit codes that all commands share: 0 done, 1 failed,
 * 2 misused. Anything but a CommandFailure or a Misconfigured is a fault of ours and leaves with its stack.
 */
export const runCommand = async (command: Command): Promise<void> => {
  process.stdout.on('error', () => undefined) // who writes hears of it; without a listener it would end the process
  try {
    refuseOptionsOfNpm(command.exitOverride())
    await command.parseAsync()
  } catch (error) {
    // Commander has said what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else if (error instanceof CommandFailure || error instanceof Misconfigured) {
      console.error(error.message)
      process.exitCode = error instanceof CommandFailure ? error.exitCode : 1
    } else throw error
  }
}
