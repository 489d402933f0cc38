import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../command.ts'
import type { DatabaseOptions } from './database.ts'

/** Whether the directory holds a database already: opening one makes it, wherever that is. */
export const hasDatabase = async ({ remote, persistTo }: DatabaseOptions): Promise<boolean> => {
  if (remote) return true
  const files = await readdir(join(persistTo, 'v3/d1/miniflare-D1DatabaseObject')).catch(() => [])
  return files.some((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
}

/** Throws a CommandFailure when there is no database to read. */
export const requireDatabase = async (options: DatabaseOptions): Promise<void> => {
  if (await hasDatabase(options)) return
  throw new CommandFailure(
    `No database in ${options.persistTo}: check --persist-to, or run npm start once to make one`,
  )
}
