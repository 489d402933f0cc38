import { createWriteStream, type Stats } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { PassThrough, Readable, type Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { CommandFailure } from '../command.ts'
import { isClosedPipe } from '../console/print.ts'
import { callerPath } from '../lines/callerPath.ts'
import { cannotWrite, isTrouble } from '../lines/trouble.ts'

/** Where lines are written. */
export interface Output {
  /** As the caller named it. */
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

/** A file that has its name only once it is whole. */
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

/** A device or a named pipe: it is written to, never replaced. */
const special = (name: string, path: string): Output => ({
  name,
  write: async (lines) => await pipeline(streamOf(lines), compressorFor(name), createWriteStream(path)),
})

const aboutPath = async (name: string, path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw cannotWrite(name, error)
  }
}

/** The output of a name, standard output without one. Throws a CommandFailure when that would replace a file. */
export const openOutput = async (name: string | undefined): Promise<Output> => {
  if (name === undefined) return standardOutput
  const path = callerPath(name)
  const about = await aboutPath(name, path)
  if (about === undefined) return newFile(name, path)
  if (about.isDirectory()) throw new CommandFailure(`${name} is a folder: give a file`)
  if (about.isFile()) throw new CommandFailure(`${name} exists: name another file, or remove it first`)
  return special(name, path)
}

/** Writes all lines, or throws a CommandFailure that says why not. */
export const writeLines = async ({ name, write }: Output, lines: AsyncIterable<string>): Promise<void> => {
  try {
    await write(lines)
  } catch (error) {
    throw isTrouble(error) ? cannotWrite(name, error) : error
  }
}
