import { randomUUID } from 'node:crypto'
import { createWriteStream, type Stats } from 'node:fs'
import { link, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
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
  /** Rejects once `stop` aborts. */
  write: (lines: AsyncIterable<string>, stop: AbortSignal) => Promise<void>
}

const streamOf = (lines: AsyncIterable<string>): Readable => Readable.from(lines, { objectMode: false })

const standardOutput: Output = {
  name: 'standard output',
  write: async (lines, signal) => {
    const { stdout }: { stdout: Writable } = process
    await pipeline(streamOf(lines), stdout, { signal }).catch((cause: unknown) => {
      if (!isClosedPipe(cause)) throw cause
      throw new CommandFailure('The export is incomplete: its reader closed standard output', { cause })
    })
  },
}

const compressorFor = (name: string): Transform => (name.endsWith('.gz') ? createGzip() : new PassThrough())

const exists = (name: string): CommandFailure =>
  new CommandFailure(`${name} exists: name another file, or remove it first`)

/** Gives a complete file its name. Throws a CommandFailure if another file has it by now. */
const publish = async (name: string, partial: string, path: string): Promise<void> => {
  try {
    await link(partial, path)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw exists(name)
    await rename(partial, path) // on a file system without hard links
  }
}

/** A new file, which gets its final name only once it is complete and on the disk. */
const newFile = (name: string, path: string): Output => ({
  name,
  write: async (lines, signal) => {
    const partial = `${path}.${randomUUID()}.partial`
    try {
      const file = createWriteStream(partial, { flags: 'wx', flush: true })
      await pipeline(streamOf(lines), compressorFor(name), file, { signal })
      await publish(name, partial, path)
    } finally {
      await rm(partial, { force: true })
    }
  },
})

/** A device or a named pipe, which is written to rather than replaced. */
const device = (name: string, path: string): Output => ({
  name,
  write: async (lines, signal) =>
    await pipeline(streamOf(lines), compressorFor(name), createWriteStream(path), { signal }),
})

const statOf = async (name: string, path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw cannotWrite(name, error)
  }
}

/** The file that a path stands for, which need not exist: links are followed, so that none is replaced. */
const targetOf = async (path: string): Promise<string> => {
  const target = await readlink(path).catch(() => undefined)
  return target === undefined ? path : await targetOf(resolve(await realpath(dirname(path)), target))
}

/**
 * Opens an output by name; "-" and undefined mean standard output. Throws a CommandFailure if the file exists.
 */
export const openOutput = async (name: string | undefined): Promise<Output> => {
  if (name === undefined || name === '-') return standardOutput
  const path = callerPath(name)
  const stats = await statOf(name, path)
  if (stats === undefined) return newFile(name, await targetOf(path))
  if (stats.isDirectory()) throw isFolder(name)
  if (stats.isFile()) throw exists(name)
  return device(name, path)
}

/** Writes all lines. Throws a CommandFailure if a write fails or `stop` aborts. */
export const writeLines = async (
  { name, write }: Output,
  lines: AsyncIterable<string>,
  stop: AbortSignal,
): Promise<void> => {
  try {
    await write(lines, stop)
  } catch (error) {
    if (stop.aborted) throw new CommandFailure('Stopped before the end: run the same command again')
    throw errorCode(error) === '' ? error : cannotWrite(name, error)
  }
}
