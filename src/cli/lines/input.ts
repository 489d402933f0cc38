import {
  type close,
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  read,
  type ReadStream,
  type Stats,
} from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { invalidMessage, type InvalidMessage } from '../../failure.ts'
import { bodyBytesMax, parseJson } from '../../ingest/signedBody.ts'
import { CommandFailure } from '../command.ts'
import {
  callerPath,
  cannotRead,
  cannotWriteTemporary,
  errorCode,
  isFolder,
  makeTemporaryDirectory,
} from './files.ts'
import { readBytes } from './readBytes.ts'

/** A file of lines, plain or gzipped, that can be read repeatedly. */
export interface Input {
  /** The name that the caller gave. */
  name: string
  bytes: number
  /** The stats of the file that the caller named; what is read may be a copy. */
  source: Stats
  /** Reads the bytes from an offset on. */
  read: (start: number) => ReadStream
  /** Removes the copy, if there is one. */
  remove: () => void
}

/** A line without its line break. `text` is undefined if it exceeds the size limit of a webhook's body. */
export interface Line {
  number: number
  text: Buffer | undefined
}

/** Opens a temporary file and removes its name, so that nothing remains of it however the process ends. */
const openTemporary = async (): Promise<{ writable: number; readable: number }> => {
  const directory = await makeTemporaryDirectory('perennial-input-')
  const path = join(directory, 'lines')
  try {
    return { writable: openSync(path, 'wx', 0o600), readable: openSync(path, 'r') }
  } catch (error) {
    throw cannotWriteTemporary(tmpdir(), error)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The functions of a stream that leaves its file open when it is destroyed. */
const keepOpen = {
  read,
  close: ((_: number, done?: (error: null) => void) => done?.(null)) as typeof close,
}

/** Copies a stream into a temporary file, because a stream can be read only once. */
const spool = async (name: string, stream: Readable, source: Stats, stop?: AbortSignal): Promise<Input> => {
  const { writable, readable: fd } = await openTemporary()
  const copy = createWriteStream('', { fd: writable })
  // When one of the streams fails, the pipeline destroys the other with the same error.
  let failure: CommandFailure | undefined
  stream.once('error', (error) => (failure ??= cannotRead(name, error)))
  copy.once('error', (error) => (failure ??= cannotWriteTemporary(tmpdir(), error)))
  try {
    await pipeline(stream, copy, { ...(stop && { signal: stop }) })
  } catch (error) {
    closeSync(fd)
    throw stop?.aborted ? stop.reason : (failure ?? error)
  }
  return {
    name,
    bytes: fstatSync(fd).size,
    source,
    read: (start) => createReadStream('', { fd, start, fs: keepOpen }),
    remove: () => closeSync(fd),
  }
}

const openUnchecked = async (name: string, stop?: AbortSignal): Promise<Input> => {
  if (name === '-') {
    const source = fstatSync(process.stdin.fd)
    if (source.isDirectory()) throw isFolder('standard input')
    return await spool('standard input', process.stdin, source, stop)
  }
  const path = callerPath(name)
  try {
    const source = await stat(path)
    if (source.isDirectory()) throw isFolder(name)
    if (!source.isFile()) return await spool(name, createReadStream(path), source, stop)
    return {
      name,
      bytes: source.size,
      source,
      read: (start) => createReadStream(path, { start }),
      remove: () => undefined,
    }
  } catch (error) {
    throw error instanceof CommandFailure ? error : cannotRead(name, error)
  }
}

const newline = 0x0a

/** The lines that end in each chunk. Keeps at most one chunk and one line in memory, and drops lines that are too long. */
const splitLines = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let pieces: Buffer[] = []
  let length = 0
  let number = 1
  const append = (piece: Buffer): void => {
    length += piece.length
    if (length > bodyBytesMax) pieces = []
    else pieces.push(piece)
  }
  const take = (): Line => {
    const text = length > bodyBytesMax ? undefined : pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
    const line = { number, text }
    pieces = []
    length = 0
    number += 1
    return line
  }
  for await (const chunk of chunks) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      append(chunk.subarray(start, end))
      lines.push(take())
      start = end + 1
    }
    if (start < chunk.length) append(chunk.subarray(start))
    yield lines
  }
  if (length > 0) yield [take()]
}

const openingBrace = 0x7b

/** Whether a line is blank, or one of those with which npm begins the output of a command, unless --silent. */
const isBlank = ({ number, text }: Line): boolean => {
  if (text === undefined || text[0] === openingBrace) return false
  const trimmed = text.toString().trim()
  return trimmed === '' || (number <= 4 && /^> (?:\S+@\S+ |node )/.test(trimmed))
}

/**
 * Reads the lines of an input that are not blank, in order. Each list has the lines of a chunk, because a turn of the
 * event loop for each line would take as long as parsing it. `onBytes` receives the number of bytes of the file read so far.
 * Throws a CommandFailure if there are no such lines, or if the file is not NDJSON or cannot be read completely.
 */
export const readLines = async function* (
  input: Input,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Line[]> {
  const { name } = input
  let found = false
  try {
    for await (const all of splitLines(readBytes(input, onBytes))) {
      const lines = all.filter((line) => !isBlank(line))
      if (lines.length === 0) continue
      found = true
      yield lines
    }
  } catch (error) {
    throw errorCode(error) === '' ? error : cannotRead(name, error)
  }
  if (!found) throw new CommandFailure(`${name} has no lines. Check the program that writes it`)
}

/**
 * Opens a file, or standard input for `-`. A pipe is first copied into a temporary file, until `stop` aborts. Throws a
 * CommandFailure if the input cannot be read, or if its beginning shows that it has no lines or is not NDJSON.
 */
export const openInput = async (name: string, stop?: AbortSignal): Promise<Input> => {
  const input = await openUnchecked(name, stop)
  const lines = readLines(input)
  try {
    await lines.next()
    return input
  } catch (error) {
    input.remove()
    throw error
  } finally {
    await lines.return(undefined)
  }
}

const invalidLine = (detail: string): InvalidMessage => invalidMessage([{ pointer: '', detail }])

// Drops a byte order mark at the start of a line, as the webhook does at the start of a body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** The text of a line; undefined if it is not UTF-8 or too long. */
export const textOf = ({ text }: Line): string | undefined => {
  if (text === undefined) return undefined
  try {
    return utf8.decode(text)
  } catch {
    return undefined
  }
}

/** Decodes a line as JSON. The value is wrapped, because the JSON itself may have a field "failure". */
export const decodeLine = (line: Line): { value: unknown } | InvalidMessage => {
  if (line.text === undefined)
    return invalidLine(`Cannot accept a line of more than ${bodyBytesMax} bytes: split it`)
  const text = textOf(line)
  if (text === undefined) return invalidLine('Cannot read the line as UTF-8: write the file in UTF-8')
  try {
    return { value: parseJson(text) }
  } catch (error) {
    // The place that follows counts the lines of the JSON text, which is a single line of the file.
    const reason = String(error instanceof Error ? error.message : error).replace(
      / \(line 1 column \d+\)$/,
      '',
    )
    return invalidLine(`Cannot read the line as JSON: ${reason}`)
  }
}
