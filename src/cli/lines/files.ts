import type { Stats } from 'node:fs'
import { resolve } from 'node:path'
import { CommandFailure } from '../command.ts'
import { projectDirectory } from '../platform/wrangler.ts'

/**
 * The path of a file that the caller named. npm runs every script in the root of the package and passes the caller's
 * own directory in `INIT_CWD`, so relative names start there.
 */
export const callerPath = (name: string): string =>
  process.cwd() === projectDirectory ? resolve(process.env['INIT_CWD'] ?? '', name) : resolve(name)

/** Whether two paths lead to one file, also through a hard or symbolic link. */
export const isSameFile = (one: Stats, other: Stats): boolean =>
  one.dev === other.dev && one.ino === other.ino

/** The code of an error of the system or of zlib, such as ENOENT; '' for any other error. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const failure = (message: string, cause: unknown): CommandFailure => new CommandFailure(message, { cause })

export const isFolder = (name: string): CommandFailure =>
  new CommandFailure(`${name} is a folder: give a file`)

/** Why a file cannot be read, and what to do about it. */
export const cannotRead = (name: string, error: unknown): CommandFailure => {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(`No such file: ${name}`, error)
    case 'EISDIR':
      return isFolder(name)
    case 'EACCES':
    case 'EPERM':
      return failure(`Cannot read ${name}: permission denied. Make it readable for this account`, error)
    case 'Z_BUF_ERROR':
      return failure(
        `Cannot read ${name}: the gzip data is truncated. Get the complete file and run again`,
        error,
      )
    case 'Z_DATA_ERROR':
      return failure(
        `Cannot read ${name}: the gzip data is damaged, or other data follows it. Get the file again, or compress it again`,
        error,
      )
    default:
      return failure(`Cannot read ${name}: ${String(error)}. Check the file and run again`, error)
  }
}

/** Why a file cannot be written, and what to do about it. */
export const cannotWrite = (name: string, error: unknown): CommandFailure => {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(`Cannot write ${name}: no such folder. Create it first, or name another file`, error)
    case 'EISDIR':
      return isFolder(name)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure(
        `Cannot write ${name}: permission denied. Name a file that this account may write`,
        error,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return failure(`Cannot write ${name}: the disk is full. Free some space and run again`, error)
    default:
      return failure(`Cannot write ${name}: ${String(error)}. Name a file that can be written`, error)
  }
}

const whyNotStored = (error: unknown): string => {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such folder'
    case 'ENOSPC':
      return 'the disk is full'
    default:
      return String(error)
  }
}

/** Why temporary files cannot be written in a directory, and what to do about it. */
export const cannotWriteTemporary = (directory: string, error: unknown): CommandFailure =>
  failure(
    `Cannot write temporary files in ${directory}: ${whyNotStored(error)}. Free some space, or set TMPDIR to another folder, and run again`,
    error,
  )
