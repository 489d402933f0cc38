import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Removes a directory when this process exits, even by a signal. */
export const removeAtExit = (directory: string): void => {
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
}

/** Creates a temporary directory that is removed when this process exits, even by a signal. */
export const makeScratchDirectory = async (prefix: string): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), prefix))
  removeAtExit(directory)
  return directory
}
