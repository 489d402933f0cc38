import { createWriteStream, type Stats } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { PassThrough, Readable, type Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { CommandFailure } from '../command.ts'
import { isClosedPipe } from '../console/print.ts'
import { callerPath, cannotWrite, errorCode, isFolder } from '../lines/files.ts'

/** Where lines are written. */
export interface Output {
  /** The name that the caller gave. */
  name: string
  write: (lines: AsyncIterable<string>) => Promise<void>
}

const streamOf = (lines: AsyncIterable<string>): Readable => Readable.from(lines, { objectMode: false })

const standardOutput: Output = {
  name: 'standard output',
  write: async (lines) => {
    const { stdout }: { stdout: Writable } = process
    await pipeline(streamOf(lines), stdout).catch((error: unknown) => {
      if (!isClosedPipe(error)) throw error
    })
  },
}

const compressorFor = (name: string): Transform => (name.endsWith('.gz') ? createGzip() : new PassThrough())

/** A new file, which gets its final name only once it is complete. */
const newFile = (name: string, path: string): Output => ({
  name,
  write: async (lines) => {
    const partial = `${path}.${process.pid}.partial`
    try {
      await pipeline(streamOf(lines), compressorFor(name), createWriteStream(partial, { flags: 'wx' }))
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
  },
})

/** A device or a named pipe, which is written to rather than replaced. */
const device = (name: string, path: string): Output => ({
  name,
  write: async (lines) => await pipeline(streamOf(lines), compressorFor(name), createWriteStream(path)),
})

const statOf = async (name: string, path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw cannotWrite(name, error)
  }
}

/** Opens an output by name; undefined means standard output. Throws a CommandFailure if the file exists. */
export const openOutput = async (name: string | undefined): Promise<Output> => {
  if (name === undefined) return standardOutput
  const path = callerPath(name)
  const stats = await statOf(name, path)
  if (stats === undefined) return newFile(name, path)
  if (stats.isDirectory()) throw isFolder(name)
  if (stats.isFile()) throw new CommandFailure(`${name} exists: name another file, or remove it first`)
  return device(name, path)
}

/** Writes all lines. Throws a CommandFailure if a write fails. */
export const writeLines = async ({ name, write }: Output, lines: AsyncIterable<string>): Promise<void> => {
  try {
    await write(lines)
  } catch (error) {
    throw errorCode(error) === '' ? error : cannotWrite(name, error)
  }
}
