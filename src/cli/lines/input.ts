import { createReadStream, createWriteStream, fstatSync, type Stats } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { bodyBytesMax } from '../../ingest/body.ts'
import { CommandFailure } from '../command.ts'
import { callerPath } from './callerPath.ts'
import { refuseOtherFormats } from './formats.ts'
import { readBytes } from './readBytes.ts'
import { cannotKeep, cannotRead, isTrouble } from './trouble.ts'

/** A file of lines, plain or gzip, that can be read from its beginning as often as need be. */
export interface Input {
  /** As the caller named it. */
  name: string
  path: string
  bytes: number
  /** What the caller named; `path` may be a copy. */
  source: Stats
  /** Removes what was made to read it again. */
  remove: () => Promise<void>
}

/** One line without its end, never blank. `text` is undefined when it is longer than a webhook's body may be. */
export interface Line {
  number: number
  text: Buffer | undefined
}

const makeTemporary = async (): Promise<string> => {
  try {
    return await mkdtemp(join(tmpdir(), 'perennial-input-'))
  } catch (error) {
    throw cannotKeep(tmpdir(), error)
  }
}

const spool = async (name: string, stream: NodeJS.ReadableStream, source: Stats): Promise<Input> => {
  const directory = await makeTemporary()
  const path = join(directory, 'lines')
  const remove = async (): Promise<void> => await rm(directory, { recursive: true, force: true })
  let whyUnread: unknown
  stream.once('error', (error) => (whyUnread = error))
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }))
    return { name, path, bytes: (await stat(path)).size, source, remove }
  } catch (error) {
    await remove()
    throw whyUnread === undefined ? cannotKeep(tmpdir(), error) : cannotRead(name, whyUnread)
  }
}

/**
 * Opens a file, or standard input for `-`. What can be read only once, a pipe, is first copied into a temporary
 * file. Throws a CommandFailure when it cannot be read.
 */
export const openInput = async (name: string): Promise<Input> => {
  if (name === '-') return await spool('standard input', process.stdin, fstatSync(process.stdin.fd))
  const path = callerPath(name)
  try {
    const source = await stat(path)
    if (source.isDirectory()) throw new CommandFailure(`${name} is a folder: give a file`)
    if (source.isFile()) return { name, path, bytes: source.size, source, remove: async () => undefined }
    return await spool(name, createReadStream(path), source)
  } catch (error) {
    throw error instanceof CommandFailure ? error : cannotRead(name, error)
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

const openingBrace = 0x7b

const isBlank = ({ text }: Line): boolean =>
  text !== undefined && text[0] !== openingBrace && text.toString().trim() === ''

const checked = async function* (name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst) refuseOtherFormats(name, chunk)
    isFirst = false
    yield chunk
  }
}

/**
 * The lines of an input that are not blank, in order. `onBytes` hears how many bytes of the file have been read so
 * far. Throws a CommandFailure when there is no such line, when the file does not hold lines, or when it cannot be
 * read to its end, a broken gzip too.
 */
export const readLines = async function* (
  { name, path }: Input,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Line> {
  let found = false
  try {
    for await (const line of cut(checked(name, readBytes(path, onBytes)))) {
      if (isBlank(line)) continue
      found = true
      yield line
    }
  } catch (error) {
    throw isTrouble(error) ? cannotRead(name, error) : error
  }
  if (!found) throw new CommandFailure(`${name} holds no lines: nothing was read. Check what writes it`)
}
