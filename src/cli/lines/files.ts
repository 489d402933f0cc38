import type { Stats } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CommandFailure } from '../command.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/**
 * Resolves a file name that the caller gave. npm runs scripts in the root of the package and passes the caller's
 * directory in `INIT_CWD`, so relative names are resolved there.
 */
export const callerPath = (name: string): string =>
  process.cwd() === projectDirectory ? resolve(process.env['INIT_CWD'] ?? '', name) : resolve(name)

/** Whether both are the same file, even through a hard or symbolic link. */
export const isSameFile = (one: Stats, other: Stats): boolean =>
  one.dev === other.dev && one.ino === other.ino

/** The code of a system or zlib error, such as ENOENT; '' for any other error. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const failure = (message: string, cause: unknown): CommandFailure => new CommandFailure(message, { cause })

export const isFolder = (name: string): CommandFailure =>
  new CommandFailure(`${name} is a folder: give a file`)

/** What is wrong and what to do about it, by error code. */
type Reasons = Readonly<Record<string, string>>

const denied = 'permission denied. Make it readable for this account'
const whyNotRead: Reasons = {
  EACCES: denied,
  EPERM: denied,
  Z_BUF_ERROR: 'the gzip data is truncated. Get the complete file and run again',
  Z_DATA_ERROR:
    'the gzip data is damaged or followed by other data. Get the file again, or compress it again',
}

/** The failure to read a file: why, and what to do about it. */
export const cannotRead = (name: string, error: unknown): CommandFailure => {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return failure(`No such file: ${name}`, error)
  if (code === 'EISDIR') return isFolder(name)
  const reason = whyNotRead[code] ?? `${String(error)}. Check the file and run again`
  return failure(`Cannot read ${name}: ${reason}`, error)
}

const noFolder = 'no such folder. Create it first, or name another file'
const notAllowed = 'permission denied. Name a file that this account can write to'
const full = 'the disk is full. Free some space and run again'
const whyNotWritten: Reasons = {
  ENOENT: noFolder,
  ENOTDIR: noFolder,
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: notAllowed,
  ENOSPC: full,
  EDQUOT: full,
}

/** The failure to write a file: why, and what to do about it. */
export const cannotWrite = (name: string, error: unknown): CommandFailure => {
  const code = errorCode(error)
  if (code === 'EISDIR') return isFolder(name)
  const reason = whyNotWritten[code] ?? `${String(error)}. Name a file that this account can write to`
  return failure(`Cannot write ${name}: ${reason}`, error)
}

const whyNotStored: Reasons = {
  ENOENT: 'no such folder',
  ENOTDIR: 'no such folder',
  ENOSPC: 'the disk is full',
}

/** The failure to write temporary files in a directory: why, and what to do about it. */
export const cannotWriteTemporary = (directory: string, error: unknown): CommandFailure =>
  failure(
    `Cannot write temporary files in ${directory}: ${whyNotStored[errorCode(error)] ?? String(error)}. Free some space or set TMPDIR to another folder, then run again`,
    error,
  )

/** Creates an empty temporary directory, whose name starts with `prefix`. Throws a CommandFailure. */
export const makeTemporaryDirectory = async (prefix: string): Promise<string> => {
  try {
    return await mkdtemp(join(tmpdir(), prefix))
  } catch (error) {
    throw cannotWriteTemporary(tmpdir(), error)
  }
}
