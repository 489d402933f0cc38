import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Option } from 'commander'
import { CommandFailure } from '../command.ts'
import { callerPath, cannotRead, errorCode } from '../lines/files.ts'
import { projectDirectory } from './wrangler.ts'

/** Which database a command uses. */
export interface DatabaseOptions {
  /** The production database instead of the local one. */
  remote?: boolean
  /** The directory of the local database, like wrangler's `--persist-to`. */
  persistTo: string
}

export const remoteOption = new Option(
  '--remote',
  'use the production database with your wrangler login (not yet tried with a real account)',
)

export const persistToOption = new Option(
  '--persist-to <directory>',
  "the directory of the local database, like wrangler's --persist-to",
)
  .argParser(callerPath)
  .default(join(projectDirectory, '.wrangler/state'), '.wrangler/state')
  .conflicts('remote')

/**
 * Whether there is a database. Checked first, because opening a local one would create it in any directory. Throws a
 * CommandFailure if the directory cannot be read.
 */
export const hasDatabase = async ({ remote, persistTo }: DatabaseOptions): Promise<boolean> => {
  if (remote) return true
  try {
    const files = await readdir(join(persistTo, 'v3/d1/miniflare-D1DatabaseObject'))
    return files.some((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false
    throw cannotRead(persistTo, error)
  }
}

/** Throws a CommandFailure if there is no database to read. */
export const requireDatabase = async (options: DatabaseOptions): Promise<void> => {
  if (await hasDatabase(options)) return
  throw new CommandFailure(
    `No database in ${options.persistTo}: check --persist-to, or run npm start once to create one`,
  )
}
