import type { Stats } from 'node:fs'
import { CommandFailure } from '../command.ts'

/** What the system or zlib calls an error; '' for any other. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Whether an error comes from the system or from zlib, not from a mistake in this code. */
export const isTrouble = (error: unknown): boolean => codeOf(error) !== ''

const failure = (message: string, cause: unknown): CommandFailure => new CommandFailure(message, { cause })

/** Says why a file cannot be read, and what to do. */
export const cannotRead = (name: string, error: unknown): CommandFailure => {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(`No such file: ${name}`, error)
    case 'EISDIR':
      return failure(`${name} is a folder: give a file`, error)
    case 'EACCES':
    case 'EPERM':
      return failure(`Cannot read ${name}: permission denied. Let this account read it`, error)
    case 'Z_BUF_ERROR':
      return failure(`Cannot read ${name}: its gzip data is cut off. Get the whole file and run again`, error)
    case 'Z_DATA_ERROR':
      return failure(
        `Cannot read ${name}: its gzip data is damaged, or followed by something else. Get the file again, or compress it anew`,
        error,
      )
    default:
      return failure(`Cannot read ${name}: ${String(error)}. Check the file and run again`, error)
  }
}

/** Says why a file cannot be written, and what to do. */
export const cannotWrite = (name: string, error: unknown): CommandFailure => {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(`Cannot write ${name}: there is no such folder. Make it first, or name another`, error)
    case 'EISDIR':
      return failure(`${name} is a folder: give a file`, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure(
        `Cannot write ${name}: permission denied. Name a file that this account may write`,
        error,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return failure(`Cannot write ${name}: the disk is full. Make room and run again`, error)
    default:
      return failure(`Cannot write ${name}: ${String(error)}. Name a file that can be written`, error)
  }
}

const whyNotKept = (error: unknown): string => {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such folder'
    case 'ENOSPC':
      return 'the disk is full'
    default:
      return String(error)
  }
}

/** Says why temporary files cannot be written in a directory, and what to do. */
export const cannotKeep = (directory: string, error: unknown): CommandFailure =>
  failure(
    `Cannot write temporary files in ${directory}: ${whyNotKept(error)}. Make room, or set TMPDIR to another folder, and run again`,
    error,
  )

/** Whether two names lead to one file: by a link, hard or symbolic, too. */
export const isSameFile = (one: Stats, other: Stats): boolean =>
  one.dev === other.dev && one.ino === other.ino
