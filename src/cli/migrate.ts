import { CommandFailure } from './command.ts'
import { runWrangler } from './platform/wrangler.ts'

/**
 * Brings the local database up to the newest migration; one that is up to date stays as it is. `state` is the
 * directory that holds it, wrangler's own unless given. Throws a CommandFailure with all that wrangler said.
 */
export const migrate = async (state?: string): Promise<void> => {
  const place = state === undefined ? [] : ['--persist-to', state]
  const { code, output } = await runWrangler(['d1', 'migrations', 'apply', 'DB', '--local', ...place])
  if (code === 0) return
  throw new CommandFailure(
    `${output.trim()}\n\nCannot migrate the local database: mend the migration named above and start again, or, if nothing in it is worth keeping, remove ${state ?? '.wrangler/state'} (docs/operating.md, "A migration that stopped halfway")`,
  )
}
