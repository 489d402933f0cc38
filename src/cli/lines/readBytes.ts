import type { ReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { CommandFailure } from '../command.ts'

/** Formats that are often mistaken for NDJSON in UTF-8: how they start (as Latin-1), what they are, how to convert them. */
const otherFormats: readonly [start: string | RegExp, what: string, convert: string][] = [
  [
    /^(?:\u00ff\u00fe|\u00fe\u00ff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/,
    'is in UTF-16, not UTF-8',
    'iconv -f UTF-16 -t UTF-8',
  ],
  ['\u001F\u008B', 'is compressed twice', 'gzip -dc'],
  ['PK\u0003\u0004', 'is a ZIP archive', 'unzip -p'],
  ['BZh', 'is compressed with bzip2', 'bzip2 -dc'],
  ['\u00FD7zXZ', 'is compressed with xz', 'xz -dc'],
  ['(\u00B5/\u00FD', 'is compressed with zstd', 'zstd -dc'],
  [/^[^\r\n]*\}\r\{/, 'ends its lines with CR, not LF', String.raw`tr '\r' '\n'`],
  [/^(?:\u00ef\u00bb\u00bf)?\s*\[/, 'is a JSON array, not one JSON object per line', "jq -c '.[]'"],
  [
    /^(?:\u00ef\u00bb\u00bf)?\s*\{[ \t]*\r?\n/,
    'spreads a JSON object over several lines, not one object per line',
    'jq -c .',
  ],
  [
    /^(?:\u00ef\u00bb\u00bf)?"?[A-Za-z_]\w*"?(?:[,;\t]"?[A-Za-z_]\w*"?)+\r?\n/,
    'is CSV, not one JSON object per line',
    'mlr --icsv --ojsonl cat',
  ],
]

const inspectedBytes = 4096

const rejectOtherFormats = (name: string, firstChunk: Buffer): void => {
  const start = firstChunk.toString('latin1', 0, inspectedBytes)
  const format = otherFormats.find(([known]) =>
    typeof known === 'string' ? start.startsWith(known) : known.test(start),
  )
  if (format === undefined) return
  const [, what, convert] = format
  throw new CommandFailure(`${name} ${what}. Convert it first, for example with: ${convert}`)
}

/** The part of an Input that is read. */
interface Bytes {
  name: string
  bytes: number
  read: (start: number) => ReadStream
}

/** Whether a file starts with the gzip magic number (RFC 1952 section 2.3.1). */
const isGzip = async ({ read }: Bytes): Promise<boolean> => {
  for await (const chunk of read(0) as AsyncIterable<Buffer>) return chunk[0] === 0x1f && chunk[1] === 0x8b
  return false
}

/** The offset of the first nonzero byte at or after `start`. Tapes and block devices pad with zeros. */
const afterZeros = async ({ read }: Bytes, start: number): Promise<number> => {
  let offset = start
  for await (const chunk of read(start) as AsyncIterable<Buffer>) {
    const found = chunk.findIndex((byte) => byte !== 0)
    if (found >= 0) return offset + found
    offset += chunk.length
  }
  return offset
}

/** With chunks this large, Node decompresses one while the lines of the last one are parsed. */
const gunzipBytes = 262_144

const readGzip = async function* (input: Bytes, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  let start = 0
  while (start < input.bytes) {
    const file = input.read(start)
    const gunzip = createGunzip({ chunkSize: gunzipBytes })
    file.on('error', (error) => gunzip.destroy(error))
    try {
      for await (const chunk of file.pipe(gunzip) as AsyncIterable<Buffer>) {
        onBytes(start + file.bytesRead)
        yield chunk
      }
    } finally {
      file.destroy()
    }
    // Node decompresses adjacent members, but ignores everything after a zero byte. What follows the zeros must be gzip
    // again.
    start = await afterZeros(input, start + gunzip.bytesWritten)
  }
}

const readPlain = async function* (
  { read }: Bytes,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = read(0)
  for await (const chunk of file as AsyncIterable<Buffer>) {
    onBytes(file.bytesRead)
    yield chunk
  }
}

/**
 * Reads a file, decompressing every member of gzip data. `onBytes` receives the number of bytes of the file read so
 * far. Throws a CommandFailure if the first bytes show that the file is not NDJSON.
 */
export const readBytes = async function* (
  input: Bytes,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of (await isGzip(input)) ? readGzip(input, onBytes) : readPlain(input, onBytes)) {
    if (isFirst) rejectOtherFormats(input.name, chunk)
    isFirst = false
    yield chunk
  }
}
