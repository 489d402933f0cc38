import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { bodyBytesMax } from '../../ingest/body.ts'
import { CommandFailure } from '../command.ts'

/** A file of lines, plain or gzip, that can be read from its beginning as often as need be. */
export interface Input {
  /** As the caller named it. */
  name: string
  path: string
  bytes: number
  /** Removes what was made to read it again. */
  remove: () => Promise<void>
}

/** One line without its end. `text` is undefined when it is longer than a webhook's body may be. */
export interface Line {
  number: number
  text: Buffer | undefined
}

const unreadable = (name: string, error: unknown): CommandFailure =>
  new CommandFailure(
    `Cannot read ${name}: ${error instanceof Error ? error.message : String(error)}. Check the file and run again`,
    { cause: error },
  )

const spool = async (name: string, stream: NodeJS.ReadableStream): Promise<Input> => {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-input-'))
  const path = join(directory, 'lines')
  const remove = async (): Promise<void> => await rm(directory, { recursive: true, force: true })
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }))
    return { name, path, bytes: (await stat(path)).size, remove }
  } catch (error) {
    await remove()
    throw unreadable(name, error)
  }
}

/**
 * Opens a file, or standard input for `-`. What can be read only once, a pipe, is first copied into a temporary
 * file. Throws a CommandFailure when it cannot be read.
 */
export const openInput = async (name: string): Promise<Input> => {
  if (name === '-') return await spool('standard input', process.stdin)
  try {
    const about = await stat(name)
    if (about.isFile()) return { name, path: name, bytes: about.size, remove: async () => undefined }
  } catch (error) {
    throw unreadable(name, error)
  }
  return await spool(name, createReadStream(name))
}

/** RFC 1952 section 2.3.1. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

const newline = 0x0a

/** Cuts chunks into lines and holds no more than one of them, and of an overlong one nothing. */
const cut = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let held: Buffer[] = []
  let length = 0
  let number = 1
  const hold = (piece: Buffer): void => {
    length += piece.length
    if (length > bodyBytesMax) held = []
    else held.push(piece)
  }
  const take = (): Line => {
    const text = length > bodyBytesMax ? undefined : held.length === 1 ? held[0] : Buffer.concat(held)
    const line = { number, text }
    held = []
    length = 0
    number += 1
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    if (start < chunk.length) hold(chunk.subarray(start))
  }
  if (length > 0) yield take()
}

/**
 * The lines of an input, in order. `onBytes` hears how many bytes of the file have been read so far. Throws a
 * CommandFailure when it cannot be read to its end, a broken gzip too.
 */
export const readLines = async function* (
  input: Input,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Line> {
  const compressed = await isGzip(input.path)
  const file = createReadStream(input.path)
  const chunks = compressed ? file.pipe(createGunzip()) : file
  if (chunks !== file) file.on('error', (error) => chunks.destroy(error))
  try {
    for await (const line of cut(chunks)) {
      onBytes(file.bytesRead)
      yield line
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw unreadable(input.name, error)
    throw error
  } finally {
    file.destroy()
  }
}
