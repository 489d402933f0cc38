import { runBatch, readPosition } from '../src/log/database.ts'
import { CommandFailure } from '../src/cli/command.ts'
import { patiently } from '../src/cli/platform/patience.ts'
import type { Site } from './site.ts'

const positionIn = async (db: D1Database): Promise<number> => {
  const [position] = await patiently(async () => await runBatch(db, readPosition(db)))
  return position
}

/**
 * Makes sure that a Worker reads the very database that a command writes to, by the log's position, and returns it.
 * Throws a CommandFailure when the Worker does not answer or reads another one.
 */
export const requireSameLog = async (site: Site, db: D1Database): Promise<number> => {
  const before = await positionIn(db)
  const health = await site.read<{ position: number }>('/healthz')
  const after = await positionIn(db)
  if (health !== undefined && before <= health.position && health.position <= after) return after
  throw new CommandFailure(
    `The Worker at ${site.url} reads another database than this command: say where its own lies with --persist-to`,
  )
}
