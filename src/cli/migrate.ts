import { setTimeout as wait } from 'node:timers/promises'
import { CommandFailure } from './command.ts'
import { runWrangler } from './platform/wrangler.ts'

const attemptsMax = 6
const pauseMilliseconds = 500

const isLocked = (output: string): boolean => output.includes('SQLITE_BUSY')

const failure = (output: string, state: string): CommandFailure =>
  new CommandFailure(
    isLocked(output)
      ? 'Cannot migrate the local database while another process is using it: wait for that command or stop it, then start again'
      : `${output.trim()}\n\nCannot migrate the local database: fix the migration named above and start again, or, if nothing in it is worth keeping, remove ${state} (docs/operating.md, "A migration that stopped halfway")`,
  )

/**
 * Brings the local database up to the newest migration; one that is up to date stays as it is. `state` is the
 * directory that holds it, wrangler's own unless given. Tries again for a quarter of a minute while another process
 * locks the database. Throws a CommandFailure with all that wrangler said.
 */
export const migrate = async (
  state?: string,
  {
    run = runWrangler,
    pause = async (milliseconds: number): Promise<unknown> => await wait(milliseconds),
  } = {},
): Promise<void> => {
  const place = state === undefined ? [] : ['--persist-to', state]
  for (let attempt = 1; ; attempt += 1) {
    const { code, output } = await run(['d1', 'migrations', 'apply', 'DB', '--local', ...place])
    if (code === 0) return
    if (attempt === attemptsMax || !isLocked(output)) throw failure(output, state ?? '.wrangler/state')
    await pause(pauseMilliseconds * 2 ** (attempt - 1))
  }
}
