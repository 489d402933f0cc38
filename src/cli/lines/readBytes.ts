import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
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
  [/^(?:\u00ef\u00bb\u00bf)?\s*\[/, 'is a JSON array, not one JSON object per line', "jq -c '.[]'"],
  [
    /^(?:\u00ef\u00bb\u00bf)?\s*\{[ \t]*\r?\n/,
    'spreads a JSON object over several lines, not one object per line',
    'jq -c .',
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

/** Whether a file starts with the gzip magic number (RFC 1952 section 2.3.1). */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** The offset of the first nonzero byte at or after `start`. Tapes and block devices pad with zeros. */
const afterZeros = async (path: string, start: number): Promise<number> => {
  let offset = start
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    const found = chunk.findIndex((byte) => byte !== 0)
    if (found >= 0) return offset + found
    offset += chunk.length
  }
  return offset
}

const readGzip = async function* (path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const { size } = await stat(path)
  let start = 0
  while (start < size) {
    const file = createReadStream(path, { start })
    const gunzip = createGunzip()
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
    start = await afterZeros(path, start + gunzip.bytesWritten)
  }
}

const readPlain = async function* (path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = createReadStream(path)
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
  { name, path }: { name: string; path: string },
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of (await isGzip(path)) ? readGzip(path, onBytes) : readPlain(path, onBytes)) {
    if (isFirst) rejectOtherFormats(name, chunk)
    isFirst = false
    yield chunk
  }
}
