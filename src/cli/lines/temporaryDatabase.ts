import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { cannotWriteTemporary } from './files.ts'

/** Runs work on a temporary database. Throws a CommandFailure if its files cannot be written. */
export const withTemporaryFiles = <Result>(work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw cannotWriteTemporary(tmpdir(), error)
  }
}

/** Opens a temporary database. SQLite removes it on close if the path is empty. */
export const openTemporaryDatabase = (path = ''): DatabaseSync => {
  process.env['SQLITE_TMPDIR'] ??= tmpdir() // by itself, SQLite may choose another directory than Node
  return withTemporaryFiles(() => new DatabaseSync(path))
}
